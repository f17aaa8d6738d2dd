import { fastStart } from './core/fast-start.ts'

const { run } = await import(await fastStart('validate-command'))
await run()
