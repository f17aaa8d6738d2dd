import { Hono } from 'hono'
import Stripe from 'stripe'
import { db } from './db.ts'
import { env } from './env.ts'
import { webhookEvents } from './schema.ts'

const stripe = new Stripe('sk_test_unused')

export const webhooks = new Hono().post('/stripe', async (c) => {
  const body = await c.req.text()
  let event: Stripe.Event
  try {
    event = await stripe.webhooks.constructEventAsync(
      body,
      c.req.header('stripe-signature') ?? '',
      env.STRIPE_WEBHOOK_SECRET,
    )
  } catch {
    return c.json({ error: 'signature' }, 400)
  }
  await db.insert(webhookEvents).values({ id: event.id, source: 'stripe', body: event }).onConflictDoNothing()
  return c.json({ received: true })
})
