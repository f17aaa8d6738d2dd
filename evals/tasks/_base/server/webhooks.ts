import { Hono } from 'hono'
import Stripe from 'stripe'
import { env } from './env.ts'
import { applyPayment } from './payments.ts'

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
  await applyPayment(event)
  return c.json({ received: true })
})
