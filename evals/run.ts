import { command } from '../scripts/core/args.ts'

await command('evals', async () => (await import('./command.ts')).main(process.argv.slice(2)))
