import { command } from '../scripts/core/args.ts'

await command('check', async () => (await import('./check-command.ts')).main(process.argv.slice(2)))
