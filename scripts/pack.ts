import { command } from './core/args.ts'
import { main } from './pack/command.ts'

await command('pack:skill', () => main(process.argv.slice(2)))
