import type Stripe from 'stripe'
import { eq } from 'drizzle-orm'
import { db } from './db.ts'
import { sendMessage } from './messages.ts'
import { mentorados, payments } from './schema.ts'

/** Write what Stripe says of a payment; a paid one sends a receipt. */
export async function applyPayment(event: Stripe.Event) {
  if (!event.type.startsWith('payment_intent.')) return
  const intent = event.data.object as Stripe.PaymentIntent
  const mentoradoId = Number(intent.metadata.mentoradoId)
  const status = event.type.replace('payment_intent.', '')
  await db
    .insert(payments)
    .values({ stripeId: intent.id, mentoradoId, amountCents: intent.amount, status })
    .onConflictDoUpdate({ target: payments.stripeId, set: { status, updatedAt: new Date() } })
  if (status !== 'succeeded') return
  const [mentorado] = await db.select().from(mentorados).where(eq(mentorados.id, mentoradoId))
  await sendMessage(mentorado?.phone ?? '', `Received your payment of ${intent.amount / 100}`)
}
