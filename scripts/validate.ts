import module from 'node:module'
import { fastStart } from './core/fast-start.ts'

module.enableCompileCache?.()
const { run } = await import(await fastStart('validate-command'))
await run()
