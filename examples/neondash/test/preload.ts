import { afterAll, setDefaultTimeout } from 'bun:test'
import { join } from 'node:path'
import { Glob } from 'bun'
import { hasRedis, stopServers } from './start'

if (!hasRedis) {
  const root = join(import.meta.dir, '..')
  const waiting = []
  for await (const path of new Glob('server/**/*.test.ts').scan(root))
    if ((await Bun.file(join(root, path)).text()).includes('hasRedis')) waiting.push(path)
  console.warn(`redis-server is not installed: what needs it does not run, in ${waiting.sort().join(', ')}`)
}

// Five seconds, Bun's own limit, are too few for a busy machine.
setDefaultTimeout(30_000)
afterAll(stopServers, 60_000)
