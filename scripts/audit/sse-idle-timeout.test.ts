import { rule } from './sse-idle-timeout.ts'
import { testRule } from './testing.ts'

const stream = "import { streamSSE } from 'hono/streaming'\napp.get('/a', (c) => streamSSE(c, async (s) => {\n  while (!s.aborted) await s.writeSSE(await next())\n}))\n"
const message = 'this stream may be quiet for more than 10 s, after which Bun cuts it; send a ping or raise idleTimeout'

testRule(rule, [
  ['Bun.serve with its default', { 'server/api.ts': stream, 'server/main.ts': 'Bun.serve({ fetch: app.fetch })', 'server/trpc.ts': 'export const s = publicProcedure.subscription(async function* () { yield 1 })' }, [
    `server/api.ts:2:22 warning ${message}`, `server/trpc.ts:1:18 warning ${message}`,
  ]],
  ['idleTimeout', { 'server/api.ts': stream, 'server/main.ts': 'Bun.serve({ fetch: app.fetch, idleTimeout: 120 })' }, []],
  ['pings', { 'server/api.ts': stream, 'server/main.ts': 'Bun.serve({ fetch: app.fetch })', 'server/trpc.ts': 'initTRPC.create({ sse: { ping: { enabled: true, intervalMs: 3000 } } })' }, []],
  ['Node', { 'server/api.ts': stream, 'server/main.ts': 'serve({ fetch: app.fetch })' }, []],
])
