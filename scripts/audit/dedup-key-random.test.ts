import { rule } from './dedup-key-random.ts'
import { testRule } from './testing.ts'

const hono = "import { Hono } from 'hono'\nconst app = new Hono()\n"
const message = (name: string, what = 'random') => `"${name}" is ${what} when the sender gave none, so a second delivery is not recognised; refuse it, or hash the body`

testRule(rule, [
  ['a fallback, a value, the time', `${hono}app.post('/webhooks/asaas', async (c) => {\n  const eventId = body.id ?? randomUUID()\n  await store({ dedupKey: crypto.randomUUID() })\n  const deliveryId = \`\${type}-\${Date.now()}\`\n})`, [
    `server/api.ts:4:30 error ${message('eventId')}`, `server/api.ts:5:27 error ${message('dedupKey')}`, `server/api.ts:6:33 warning ${message('deliveryId', 'the time')}`,
  ]],
  ['row ids, other handlers, the id of the sender', `${hono}app.post('/webhooks/a', async (c) => {\n  const eventId = c.req.header('svix-id')\n  await db.insert(events).values({ id: randomUUID(), eventId })\n})\napp.get('/x', (c) => { const requestId = randomUUID() })`, []],
])
