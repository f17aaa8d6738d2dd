import module from 'node:module'
import { command } from '../scripts/core/args.ts'

module.enableCompileCache?.()
await command('evals', async () => (await import('./command.ts')).main(process.argv.slice(2)))
