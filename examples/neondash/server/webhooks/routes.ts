import { verifyWebhook } from '@clerk/hono/webhooks'
import { type Context, Hono } from 'hono'
import Stripe from 'stripe'
import { AppError } from '../../shared/errors'
import type { AppEnv, Deps } from '../deps'
import { type Source, store } from './inbox'
import { STORED } from './worker'

// #region signed-webhooks
/** Ingress: verify the raw bytes, store, answer. What an event causes is the worker's business. */
export function webhookRoutes(deps: Deps) {
  const { env } = deps
  const accept = createAccept(deps)
  const refuse = createRefuse(deps)

  return new Hono<AppEnv>()
    .post('/clerk', async (c) => {
      const options = { signingSecret: env.CLERK_WEBHOOK_SIGNING_SECRET }
      const event = await verifyWebhook(c, options).catch(refuse(c, 'clerk'))
      // The event has no id of its own; data.id is the user's.
      const eventId = c.req.header('svix-id') ?? ''
      return accept(c, 'clerk', {
        eventId,
        type: event.type,
        payload: event,
        occurredAt: dateOf(event.timestamp),
      })
    })
    .post('/stripe', async (c) => {
      const signature = c.req.header('stripe-signature') ?? ''
      const event = await Stripe.webhooks
        .constructEventAsync(await c.req.text(), signature, env.STRIPE_WEBHOOK_SECRET)
        .catch(refuse(c, 'stripe'))
      const { id: eventId, type, created } = event
      return accept(c, 'stripe', { eventId, type, payload: event, occurredAt: dateOf(created * 1000) })
    })
}
// #endregion

/** 2xx for a new event and for a duplicate. A failed insert is a 5xx, and the provider delivers again. */
function createAccept({ db, metrics, signals }: Deps) {
  const received = metrics.counter('neondash.webhook.received')
  return async (c: Context<AppEnv>, source: Source, event: Parameters<typeof store>[2]) => {
    const isNew = await store(db, source, event)
    const outcome = isNew ? 'stored' : 'duplicate'
    if (isNew) signals.dispatchEvent(new Event(STORED))
    received.add({ source, outcome })
    c.get('log').info({
      event: 'webhook_received',
      source,
      eventId: event.eventId,
      type: event.type,
      outcome,
    })
    return c.body(null, 204)
  }
}

function createRefuse({ metrics }: Deps) {
  const received = metrics.counter('neondash.webhook.received')
  return (c: Context<AppEnv>, source: Source) =>
    (error: Error): never => {
      received.add({ source, outcome: 'refused' })
      // Both libraries' messages name the cause and hold nothing of the body.
      c.get('log').warn({ event: 'webhook_refused', source, cause: error.message.split('\n')[0] })
      throw new AppError('BAD_REQUEST', 'Invalid signature', { cause: error })
    }
}

function dateOf(ms: number): Date | null {
  return Number.isFinite(ms) ? new Date(ms) : null
}
