import { isMainThread } from 'node:worker_threads'
import './audit/engine/worker.ts'
import { main } from './audit/engine/command.ts'
import { command } from './core/args.ts'

if (isMainThread) await command('audit', () => main(process.argv.slice(2)))
