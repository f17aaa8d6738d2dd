import { rule } from './dedup-after-work.ts'
import { testRule } from './testing.ts'

const hono = "import { Hono } from 'hono'\nconst app = new Hono()\n"

testRule(rule, [
  ['look, work, remember', `${hono}app.post('/webhooks/a', async (c) => {
  const [seen] = await db.select().from(webhookEvents).where(eq(webhookEvents.id, id))
  if (seen) return c.body(null)
  await activate(event)
  await db.insert(webhookEvents).values({ id })
})`, ['server/api.ts:7:9 error "webhookEvents" is written after the work that it should prevent from running twice; insert it first and go on only when a row came back']],
  ['remember, then work', `${hono}app.post('/webhooks/a', async (c) => {
  const [seen] = await db.select().from(webhookEvents).where(eq(webhookEvents.id, id))
  if (seen) return c.body(null)
  const [row] = await db.insert(webhookEvents).values({ id }).onConflictDoNothing().returning()
  if (row) await activate(event)
})`, []],
  ['another table', `${hono}app.post('/webhooks/a', async (c) => {\n  await db.select().from(users)\n  await activate(event)\n  await db.insert(users).values({ id })\n})`, []],
])
