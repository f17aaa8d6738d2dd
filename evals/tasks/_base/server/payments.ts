import type Stripe from 'stripe'
import { db } from './db.ts'
import { payments } from './schema.ts'

/** Write what Stripe says of a payment. */
export async function applyPayment(event: Stripe.Event) {
  if (!event.type.startsWith('payment_intent.')) return
  const intent = event.data.object as Stripe.PaymentIntent
  const status = event.type.replace('payment_intent.', '')
  await db
    .insert(payments)
    .values({
      stripeId: intent.id,
      mentoradoId: Number(intent.metadata.mentoradoId),
      amountCents: intent.amount,
      status,
    })
    .onConflictDoUpdate({ target: payments.stripeId, set: { status, updatedAt: new Date() } })
}
