import { sql } from 'drizzle-orm'
import Stripe from 'stripe'
import { mentorados, users } from '../drizzle/schema'
import type { Db } from '../server/db/client'
import type { Deps } from '../server/deps'
import type { Handler } from '../server/webhooks/handlers'
import { createWebhookWorker } from '../server/webhooks/worker'
import { svixHeaders } from './clerk'

export interface Delivery {
  path: string
  init: { method: 'POST'; headers: Record<string, string>; body: string }
}

/** A delivery as Clerk makes it; `body` may be text that JSON.stringify would not write. */
export function clerkDelivery(
  event: object | string,
  options: Parameters<typeof svixHeaders>[1] = {},
): Delivery {
  const body = typeof event === 'string' ? event : JSON.stringify(event)
  return { path: '/webhooks/clerk', init: { method: 'POST', headers: svixHeaders(body, options), body } }
}

/** A delivery as Stripe makes it. */
export async function stripeDelivery(
  event: object | string,
  { at = new Date(), secret = 'whsec_local' } = {},
): Promise<Delivery> {
  const payload = typeof event === 'string' ? event : JSON.stringify(event)
  const timestamp = Math.floor(at.getTime() / 1000)
  const signature = await Stripe.webhooks.generateTestHeaderStringAsync({ payload, secret, timestamp })
  return {
    path: '/webhooks/stripe',
    init: { method: 'POST', headers: { 'stripe-signature': signature }, body: payload },
  }
}

/** What Clerk says of a person at `updatedAt`, with the many fields that nobody here reads cut to a few. */
export function userEvent(
  type: 'user.created' | 'user.updated',
  id: string,
  email: string,
  updatedAt: number,
  role?: string,
) {
  return {
    type,
    object: 'event',
    timestamp: updatedAt,
    instance_id: 'ins_local',
    data: {
      id,
      object: 'user',
      first_name: 'Ana',
      created_at: 1_700_000_000_000,
      updated_at: updatedAt,
      primary_email_address_id: 'idn_2',
      email_addresses: [
        { id: 'idn_1', email_address: 'old@example.com' },
        { id: 'idn_2', email_address: email },
      ],
      public_metadata: role ? { role } : {},
    },
  }
}

export function userDeleted(id: string, at = Date.now()) {
  return { type: 'user.deleted', object: 'event', timestamp: at, data: { id, object: 'user', deleted: true } }
}

export function paymentSucceeded(
  intent: string,
  mentoradoId: number,
  amount: number,
  eventId = `evt_${intent}`,
) {
  return {
    id: eventId,
    object: 'event',
    type: 'payment_intent.succeeded',
    created: 1_795_000_000,
    data: {
      object: {
        id: intent,
        object: 'payment_intent',
        amount_received: amount,
        currency: 'brl',
        metadata: { mentoradoId: String(mentoradoId) },
      },
    },
  }
}

export async function aMentorado(db: Db, clerkId: string, role: 'mentorado' | 'pending' = 'mentorado') {
  const [user] = await db
    .insert(users)
    .values({ clerkId, email: `${clerkId}@example.com`, role })
    .returning()
  const [mentorado] = await db.insert(mentorados).values({ userId: user!.id }).returning()
  return { user: user!, mentorado: mentorado! }
}

/** Resolves when `condition` does to something true; there is no other way to see a process from outside. */
export async function until<T>(condition: () => Promise<T>, ms = 25_000): Promise<NonNullable<T>> {
  const deadline = Date.now() + ms
  for (;;) {
    const value = await condition()
    if (value) return value
    if (Date.now() > deadline) throw new Error(`not within ${ms} ms: ${condition}`)
    await Bun.sleep(15)
  }
}

/** Runs a worker until nothing is due. */
export async function work(deps: Deps, handlers?: Record<string, Handler>) {
  const worker = createWebhookWorker({ ...deps, env: { ...deps.env, WORKER_POLL_MS: 20 } }, { handlers })
  worker.start()
  await until(() => nothingDue(deps.db))
  await worker.stop()
}

/** What waits for its next attempt is next, and leases end now. Rows in a running transaction stay as they are. */
export async function hasten(db: Db) {
  await db.execute(sql`
    update integration_events set next_attempt_at = now() - interval '1 hour', leased_until = now()
    where id in (
      select id from integration_events
      where status in ('pending', 'processing') and next_attempt_at > now() for update skip locked)`)
}

async function nothingDue(db: Db): Promise<boolean> {
  const { rows } = await db.execute(sql`
    select 1 from integration_events
    where status = 'pending' and next_attempt_at <= now() or status = 'processing' limit 1`)
  return rows.length === 0
}
