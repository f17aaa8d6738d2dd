import { eq, lte, or, sql } from 'drizzle-orm'
import type Stripe from 'stripe'
import { db } from './db.ts'
import { sendMessage } from './messages.ts'
import { mentorados, payments } from './schema.ts'

/** Write what Stripe says of a payment, unless a newer event was written; a paid one sends a receipt. */
export async function applyPayment(event: Stripe.Event) {
  if (!event.type.startsWith('payment_intent.')) return
  const intent = event.data.object as Stripe.PaymentIntent
  const mentoradoId = Number(intent.metadata.mentoradoId)
  const status = event.type.replace('payment_intent.', '')
  const eventAt = new Date(event.created * 1000)
  await db
    .insert(payments)
    .values({ stripeId: intent.id, mentoradoId, amountCents: intent.amount, status, eventAt })
    .onConflictDoUpdate({
      target: payments.stripeId,
      set: { status, eventAt, updatedAt: new Date() },
      setWhere: or(sql`${payments.eventAt} is null`, lte(payments.eventAt, eventAt)),
    })
  if (status !== 'succeeded') return
  const [mentorado] = await db.select().from(mentorados).where(eq(mentorados.id, mentoradoId))
  await sendMessage(mentorado?.phone ?? '', `Received your payment of ${intent.amount / 100}`, `receipt-${event.id}`)
}
