import { command } from './core/args.ts'
import { main } from './core/quote-command.ts'

await command('quote', () => main(process.argv.slice(2)))
