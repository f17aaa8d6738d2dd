import module from 'node:module'
import { command } from '../scripts/core/args.ts'

module.enableCompileCache?.()
await command('check', async () => (await import('./check-command.ts')).main(process.argv.slice(2)))
