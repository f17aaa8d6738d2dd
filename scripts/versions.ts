import { command } from './core/args.ts'
import { main } from './core/versions-command.ts'

await command('versions', () => main(process.argv.slice(2)))
