import module from 'node:module'
import { command } from './core/args.ts'

module.enableCompileCache?.()
await command('validate', async () => (await import('./core/validate-command.ts')).main(process.argv.slice(2)))
