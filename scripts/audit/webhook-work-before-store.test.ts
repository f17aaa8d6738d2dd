import { rule } from './webhook-work-before-store.ts'
import { testRule } from './testing.ts'

const hono = "import { Hono } from 'hono'\nconst app = new Hono()\n"

testRule(rule, [
  ['business rows only', `${hono}app.post('/webhooks/clerk', async (c) => {\n  const event = verify(await c.req.text())\n  await sync(event)\n  await db.delete(sessions).where(eq(sessions.userId, event.id))\n  return c.body(null)\n})\nasync function sync(event) { await db.insert(users).values(event) }`,
    ['server/api.ts:3:1 warning the webhook /webhooks/clerk writes "sessions", "users" without storing the event first; insert it under a unique key, answer, then work']],
  ['stored first, or handed to something that stores', `${hono}app.post('/webhooks/a', async (c) => {\n  await db.insert(integrationEvents).values(event).onConflictDoNothing()\n  await db.update(users).set({ a: 1 })\n})\napp.post('/webhooks/b', async (c) => { await inbox.store(event); await db.update(users).set({ a: 1 }) })`, []],
  ['no writes here', `${hono}app.post('/webhooks/a', async (c) => c.json(await handle(await c.req.text())))`, []],
])
