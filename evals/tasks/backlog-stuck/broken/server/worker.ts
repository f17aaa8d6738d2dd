import { and, asc, eq, inArray, sql } from 'drizzle-orm'
import type Stripe from 'stripe'
import { db } from './db.ts'
import { applyPayment } from './payments.ts'
import { webhookEvents } from './schema.ts'

const BATCH = 6
const source = eq(webhookEvents.source, 'stripe')
const worker = `api-${process.pid}`

/** Takes the oldest events, unless a batch is still being worked on: payments are applied in order. */
async function claim() {
  return db.transaction(async (tx) => {
    await tx.execute(sql`select pg_advisory_xact_lock(7001)`)
    const [busy] = await tx.select().from(webhookEvents).where(and(source, eq(webhookEvents.status, 'processing'))).limit(1)
    if (busy) return []
    const due = await tx
      .select()
      .from(webhookEvents)
      .where(and(source, eq(webhookEvents.status, 'pending')))
      .orderBy(asc(webhookEvents.receivedAt), asc(webhookEvents.id))
      .limit(BATCH)
    if (due.length === 0) return []
    const ids = due.map(({ id }) => id)
    await tx
      .update(webhookEvents)
      .set({ status: 'processing', leasedBy: worker, leasedUntil: sql`now() + interval '5 minutes'` })
      .where(inArray(webhookEvents.id, ids))
    return due
  })
}

/** Apply stored payments for as long as the process lives. */
export async function work() {
  for (;;) {
    const batch = await claim()
    for (const { id, body } of batch) {
      console.log(`applying ${id}`)
      await applyPayment(body as Stripe.Event)
    }
    if (batch.length > 0) {
      const ids = batch.map(({ id }) => id)
      await db
        .update(webhookEvents)
        .set({ status: 'done', processedAt: new Date(), leasedBy: null, leasedUntil: null })
        .where(inArray(webhookEvents.id, ids))
    } else await Bun.sleep(300)
  }
}
