import { asc, eq, isNull } from 'drizzle-orm'
import { Hono } from 'hono'
import Stripe from 'stripe'
import { db } from './db.ts'
import { env } from './env.ts'
import { applyPayment } from './payments.ts'
import { webhookEvents } from './schema.ts'

const stripe = new Stripe('sk_test_unused')

async function drain() {
  const rows = await db
    .select()
    .from(webhookEvents)
    .where(isNull(webhookEvents.processedAt))
    .orderBy(asc(webhookEvents.id))
  for (const row of rows) {
    await applyPayment(row.payload as Stripe.Event)
    await db.update(webhookEvents).set({ processedAt: new Date() }).where(eq(webhookEvents.id, row.id))
  }
}

/** Process what is stored, also what an earlier process left behind. */
export async function work() {
  for (;;) {
    await drain().catch((error) => console.error('payment failed', error))
    await Bun.sleep(500)
  }
}

export const webhooks = new Hono().post('/stripe', async (c) => {
  const body = await c.req.text()
  let event: Stripe.Event
  try {
    event = env.STRIPE_WEBHOOK_SECRET
      ? await stripe.webhooks.constructEventAsync(body, c.req.header('stripe-signature') ?? '', env.STRIPE_WEBHOOK_SECRET)
      : JSON.parse(body)
  } catch {
    return c.json({ error: 'signature' }, 400)
  }
  await db.insert(webhookEvents).values({ payload: event })
  return c.json({ received: true })
})
