import { eq, sql } from 'drizzle-orm'
import type Stripe from 'stripe'
import { db } from './db.ts'
import { credits, mentorados, payments } from './schema.ts'

/** Write a payment and credit its mentorado. */
export async function applyPayment(event: Stripe.Event) {
  if (event.type !== 'payment_intent.succeeded') return
  const intent = event.data.object
  const mentoradoId = Number(intent.metadata.mentoradoId)
  await db.transaction(async (tx) => {
    await tx
      .insert(payments)
      .values({ stripeId: intent.id, mentoradoId, amountCents: intent.amount, status: 'succeeded' })
      .onConflictDoUpdate({ target: payments.stripeId, set: { status: 'succeeded', updatedAt: new Date() } })
    await tx.insert(credits).values({ eventId: event.id, mentoradoId, amountCents: intent.amount })
    await tx
      .update(mentorados)
      .set({ balanceCents: sql`${mentorados.balanceCents} + ${intent.amount}` })
      .where(eq(mentorados.id, mentoradoId))
  })
}
