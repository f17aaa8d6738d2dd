import { afterEach, expect, test } from 'bun:test'
import { eq, sql } from 'drizzle-orm'
import { mentorados, payments, users } from '../../drizzle/schema'
import { ROLES } from '../../shared/roles'
import { testDeps, withDatabase } from '../../test/start'
import { aMentorado, paymentSucceeded, work } from '../../test/webhooks'
import { store } from './inbox'
import { replay } from './replay'

const { db } = await withDatabase()
const deps = testDeps({ db })
afterEach(async () => {
  await db.execute(sql`truncate integration_events, outbox, users cascade`)
})

async function process(...events: { id: string; type: string }[]) {
  for (const payload of events)
    await store(db, 'stripe', { eventId: payload.id, type: payload.type, payload })
  await work(deps)
}

function subscription(id: string, mentoradoId: number, from: string | undefined, to: string) {
  const object = { id: 'sub_1', status: to, metadata: { mentoradoId: String(mentoradoId) } }
  return {
    id,
    type: 'customer.subscription.updated',
    data: { object, previous_attributes: { status: from } },
  }
}

const messages = async () =>
  (await db.query.outbox.findMany({ orderBy: (t) => t.topic })).map(({ topic, payload }) => ({
    topic,
    payload,
  }))

test('a payment is recorded with its message, once, though two events tell of it', async () => {
  const { mentorado } = await aMentorado(db, 'user_ana')
  await process(
    paymentSucceeded('pi_1', mentorado.id, 12_345),
    paymentSucceeded('pi_1', mentorado.id, 12_345, 'evt_again'),
  )
  const rows = await db.query.payments.findMany()
  expect(rows).toMatchObject([
    {
      mentoradoId: mentorado.id,
      provider: 'stripe',
      providerRef: 'pi_1',
      amountCents: 12_345,
      currency: 'BRL',
      status: 'paid',
      paidAt: new Date(1_795_000_000_000),
    },
  ])
  expect(await messages()).toEqual([{ topic: 'payment.paid', payload: { paymentId: rows[0]!.id } }])
})

test.each([
  ['pending', 'paid'],
  ['cancelled', 'paid'],
  ['refunded', 'refunded'],
])('a payment that is %s becomes %s when its money arrives', async (before, after) => {
  const { mentorado } = await aMentorado(db, 'user_ana')
  const row = { mentoradoId: mentorado.id, provider: 'stripe', providerRef: 'pi_1', amountCents: 100 }
  await db.insert(payments).values({ ...row, status: before })
  await process(paymentSucceeded('pi_1', mentorado.id, 100))
  expect(await db.query.payments.findMany()).toMatchObject([{ ...row, status: after }])
  expect(await messages()).toHaveLength(before === after ? 0 : 1)
})

/** A payment that somebody made at Stripe itself. */
function unlabelled(intent: string, object: Record<string, unknown>) {
  const event = paymentSucceeded(intent, 1, 500)
  return { ...event, data: { object: { ...event.data.object, metadata: {}, ...object } } }
}

test('a payment that names no mentorado belongs to whom its customer is linked', async () => {
  await aMentorado(db, 'user_other')
  const { mentorado } = await aMentorado(db, 'user_ana')
  await db.update(mentorados).set({ stripeCustomerId: 'cus_1' }).where(eq(mentorados.id, mentorado.id))
  await process(
    unlabelled('pi_2', { customer: 'cus_1' }),
    unlabelled('pi_3', { customer: 'cus_1', metadata: null }),
  )
  const owner = { mentoradoId: mentorado.id, status: 'paid' }
  expect(await db.query.payments.findMany()).toMatchObject([owner, owner])
})

test('money of an unknown customer waits; linked and replayed, it is recorded', async () => {
  const { mentorado } = await aMentorado(db, 'user_ana')
  await db.insert(users).values({ clerkId: 'user_admin', email: 'admin@example.com', role: 'admin' })
  await process(unlabelled('pi_2', { customer: 'cus_1' }))
  expect(await db.query.integrationEvents.findMany()).toMatchObject([
    { status: 'dead', attempts: 1, lastError: 'no mentorado has stripe_customer_id cus_1' },
  ])
  await db.update(mentorados).set({ stripeCustomerId: 'cus_1' }).where(eq(mentorados.id, mentorado.id))
  expect(await replay(db, { source: 'stripe', status: 'dead' }, 'admin@example.com')).toBe(1)
  await work(deps)
  expect(await db.query.integrationEvents.findMany()).toMatchObject([{ status: 'done', lastError: null }])
  expect(await db.query.payments.findMany()).toMatchObject([
    { mentoradoId: mentorado.id, providerRef: 'pi_2' },
  ])
})

test.each([
  ['nobody', {}, 'names neither a mentorado nor a customer'],
  ['nonsense', { metadata: { mentoradoId: 'ana' } }, 'ZodError data.object.metadata.mentoradoId'],
])('money that names %s waits for a person', async (_, object, lastError) => {
  await process(unlabelled('pi_2', object))
  expect(await db.query.integrationEvents.findMany()).toMatchObject([
    { status: 'dead', attempts: 1, lastError },
  ])
})

test('a subscription that names no mentorado is found by its customer', async () => {
  const { mentorado } = await aMentorado(db, 'user_ana')
  await db.update(mentorados).set({ stripeCustomerId: 'cus_1' }).where(eq(mentorados.id, mentorado.id))
  const event = subscription('evt_1', 1, 'trialing', 'active')
  const object = { ...event.data.object, metadata: {}, customer: 'cus_1' }
  const byCustomer = { ...event, data: { ...event.data, object } }
  await process(byCustomer)
  expect((await db.query.users.findFirst())?.role).toBe('clinica_owner')
})

test('active after the trial: mentorado becomes clinic owner; Clerk and the session cache are told', async () => {
  const { user, mentorado } = await aMentorado(db, 'user_ana')
  await process(
    subscription('evt_1', mentorado.id, 'trialing', 'active'),
    subscription('evt_2', mentorado.id, 'trialing', 'active'),
  )
  const after = await db.query.users.findFirst()
  expect(after?.role).toBe('clinica_owner')
  expect(after!.updatedAt > user.updatedAt).toBe(true)
  expect(await messages()).toEqual([
    { topic: 'clerk.metadata', payload: { userId: user.id } },
    { topic: 'session.changed', payload: { clerkId: 'user_ana', version: expect.any(Number) } },
  ])
})

test.each(ROLES.filter((role) => role !== 'mentorado'))('no event changes the role %s', async (role) => {
  const { user, mentorado } = await aMentorado(db, 'user_ana')
  await db.update(users).set({ role }).where(eq(users.id, user.id))
  await process(subscription('evt_1', mentorado.id, 'trialing', 'active'))
  expect((await db.query.users.findFirst())?.role).toBe(role)
  expect(await messages()).toEqual([])
})

test.each([
  ['past_due', 'active'],
  ['trialing', 'canceled'],
  [undefined, 'active'],
])('a subscription from %s to %s changes no role', async (from, to) => {
  const { mentorado } = await aMentorado(db, 'user_ana')
  await process(subscription('evt_1', mentorado.id, from, to))
  expect((await db.query.users.findFirst())?.role).toBe('mentorado')
})
