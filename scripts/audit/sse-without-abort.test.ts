import { rule } from './sse-without-abort.ts'
import { testRule } from './testing.ts'

const head = "import { streamSSE } from 'hono/streaming'\n"

testRule(rule, [
  ['an endless loop, a listener, a subscription', `${head}app.get('/a', (c) => streamSSE(c, async (stream) => {\n  while (true) { await stream.writeSSE({ data: '1' }); await stream.sleep(1000) }\n}))\napp.get('/b', (c) => streamSSE(c, async (stream) => {\n  bus.on('x', (e) => stream.writeSSE(e))\n}))\nexport const s = publicProcedure.subscription(async function* () {\n  for (;;) yield await next()\n})`, [
    'server/api.ts:3:3 error this goes on after the client is gone; check stream.aborted and free it in stream.onAbort',
    'server/api.ts:6:3 error this goes on after the client is gone; free it in stream.onAbort',
    'server/api.ts:9:3 error this subscription goes on after the client is gone; pass the signal of its options to what it waits for',
  ]],
  ['a listener that stays although the stream waits for the abort', `${head}app.get('/a', (c) => streamSSE(c, async (stream) => {\n  bus.on('lead', send)\n  await new Promise((resolve) => stream.onAbort(resolve))\n}))`, ['server/api.ts:3:3 error this goes on after the client is gone; free it in stream.onAbort']],
  ['it ends with the client, or by itself', `${head}app.get('/a', (c) => streamSSE(c, async (stream) => {\n  while (!stream.aborted) await stream.sleep(1000)\n}))\napp.get('/b', (c) => streamSSE(c, async (stream) => {\n  const off = bus.on('x', send)\n  stream.onAbort(off)\n}))\napp.get('/c', (c) => streamSSE(c, async (stream) => { for (const row of rows) await stream.writeSSE(row) }))\nexport const s = publicProcedure.subscription(async function* ({ signal }) { for await (const [e] of on(bus, 'x', { signal })) yield e })`, []],
])
