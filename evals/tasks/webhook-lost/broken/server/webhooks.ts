import { Hono } from 'hono'
import Stripe from 'stripe'
import { env } from './env.ts'
import { applyPayment } from './payments.ts'

const stripe = new Stripe('sk_test_unused')
const queue: Stripe.Event[] = []
let working = false

/** Stripe sends bursts; one payment at a time keeps the database calm. */
async function drain() {
  if (working) return
  working = true
  while (queue.length > 0) {
    await Bun.sleep(200)
    await applyPayment(queue[0]!)
    queue.shift()
  }
  working = false
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
  queue.push(event)
  drain().catch((error) => console.error('payment failed', error))
  return c.json({ received: true })
})
