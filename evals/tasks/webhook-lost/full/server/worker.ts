import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm'
import type Stripe from 'stripe'
import { db } from './db.ts'
import { applyPayment } from './payments.ts'
import { webhookEvents } from './schema.ts'

const MAX_ATTEMPTS = 8
const LEASE = sql`now() + interval '10 seconds'`

/** Claims due events for ten seconds: what a killed process held comes due again. */
async function claim() {
  const due = db
    .select({ id: webhookEvents.id })
    .from(webhookEvents)
    .where(and(eq(webhookEvents.status, 'pending'), lte(webhookEvents.dueAt, sql`now()`)))
    .orderBy(asc(webhookEvents.dueAt))
    .limit(10)
    .for('update', { skipLocked: true })
  return db
    .update(webhookEvents)
    .set({ dueAt: LEASE, attempts: sql`${webhookEvents.attempts} + 1` })
    .where(inArray(webhookEvents.id, due))
    .returning()
}

async function processEvent({ id, body, attempts }: typeof webhookEvents.$inferSelect) {
  try {
    await applyPayment(JSON.parse(body) as Stripe.Event)
    await db.update(webhookEvents).set({ status: 'done', error: null }).where(eq(webhookEvents.id, id))
  } catch (error) {
    const dead = attempts >= MAX_ATTEMPTS
    const wait = Math.min(2 ** attempts, 600) * (0.5 + Math.random() / 2)
    console.error(JSON.stringify({ event: dead ? 'webhook_dead' : 'webhook_failed', id, attempts }))
    await db
      .update(webhookEvents)
      .set({
        status: dead ? 'dead' : 'pending',
        dueAt: sql`now() + make_interval(secs => ${wait})`,
        error: String(error).slice(0, 500),
      })
      .where(eq(webhookEvents.id, id))
  }
}

/** Process stored events for as long as the process lives; several processes may do so. */
export async function work() {
  for (;;) {
    const events = await claim().catch((error) => {
      console.error(JSON.stringify({ event: 'inbox_unavailable', error: String(error) }))
      return []
    })
    await Promise.all(events.map((event) => processEvent(event).catch(() => {})))
    if (events.length === 0) await Bun.sleep(200)
  }
}
