import { command } from './core/args.ts'
import { main } from './drift/command.ts'

await command('drift', () => main(process.argv.slice(2)))
