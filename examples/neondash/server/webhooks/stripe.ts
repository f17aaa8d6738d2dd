import { eq, sql } from 'drizzle-orm'
import { z } from 'zod'
import { mentorados } from '../../drizzle/schema'
import type { TopicName } from '../../shared/contracts'
import type { Tx } from '../db/client'
import { type InboxEvent, Terminal } from './inbox'

/** `mentoradoId` is set by whoever made the object at Stripe. */
const Owner = z.object({
  metadata: z.object({ mentoradoId: z.coerce.number().int().positive().optional() }).nullish(),
  customer: z.string().nullish(),
})

const PaymentIntent = z.object({
  created: z.number(),
  data: z.object({
    object: Owner.extend({
      id: z.string(),
      amount_received: z.int().nonnegative(),
      currency: z.string().length(3).toUpperCase(),
    }),
  }),
})

const Subscription = z.object({
  data: z.object({
    object: z.looseObject({ status: z.string() }),
    previous_attributes: z.object({ status: z.string().optional() }).default({}),
  }),
})

// #region payment-owner
/** Whose money it is. Where nobody is known, a person links the customer and replays the event. */
async function ownerOf(tx: Tx, { metadata, customer }: z.output<typeof Owner>): Promise<number> {
  if (metadata?.mentoradoId) return metadata.mentoradoId
  if (!customer) throw new Terminal('names neither a mentorado nor a customer')
  const linked = eq(mentorados.stripeCustomerId, customer)
  const [owner] = await tx.select({ id: mentorados.id }).from(mentorados).where(linked)
  if (!owner) throw new Terminal(`no mentorado has stripe_customer_id ${customer}`)
  return owner.id
}
// #endregion

// #region record-payment
/** The event can overtake what makes the row. Money that came is a fact, also after we cancelled. */
export async function recordPayment(tx: Tx, event: InboxEvent) {
  const { created, data } = PaymentIntent.parse(event.payload)
  const { id, amount_received, currency } = data.object
  const mentoradoId = await ownerOf(tx, data.object)
  await tx.execute(sql`
    with paid as (
      insert into payments (mentorado_id, provider, provider_ref, amount_cents, currency, status, paid_at)
      values (${mentoradoId}, 'stripe', ${id}, ${amount_received}, ${currency}, 'paid',
        ${new Date(created * 1000).toISOString()})
      on conflict (provider, provider_ref) do update set status = 'paid', paid_at = excluded.paid_at
        where payments.status in ('pending', 'cancelled')
      returning id
    )
    insert into outbox (topic, dedup_key, payload)
    select ${'payment.paid' satisfies TopicName}, 'payment.paid:' || id, jsonb_build_object('paymentId', id) from paid
    on conflict (dedup_key) do nothing`)
}
// #endregion

// #region promote-owner
/** Active after its trial, a subscription makes a mentorado a clinic owner; no event makes anyone more. */
export async function promoteOwner(tx: Tx, event: InboxEvent) {
  const { object: subscription, previous_attributes: previous } = Subscription.parse(event.payload).data
  if (previous.status !== 'trialing' || subscription.status !== 'active') return
  const mentoradoId = await ownerOf(tx, Owner.parse(subscription))
  await tx.execute(sql`
    with promoted as (
      update users set role = 'clinica_owner',
        updated_at = greatest(clock_timestamp(), users.updated_at + interval '1 microsecond')
      from mentorados
      where mentorados.user_id = users.id and mentorados.id = ${mentoradoId}
        and users.role = 'mentorado' and users.deleted_at is null
      returning users.id, users.clerk_id, users.updated_at
    )
    insert into outbox (topic, dedup_key, payload)
    select topic, topic || ':' || ${event.eventId}::text, message
    from promoted, lateral (values
      (${'clerk.metadata' satisfies TopicName}::text, jsonb_build_object('userId', id)),
      (${'session.changed' satisfies TopicName}, jsonb_build_object(
        'clerkId', clerk_id, 'version', (extract(epoch from updated_at) * 1000000)::bigint))
    ) as messages (topic, message)
    on conflict (dedup_key) do nothing`)
}
// #endregion
