import { expect, test } from 'bun:test'
import { eq, sql } from 'drizzle-orm'
import { leads, mentorados, outbox, payments, users } from '../../drizzle/schema'
import { TOPICS } from '../../shared/contracts'
import { withOutbox } from '../../test/outbox'
import { addMentorado } from '../../test/programme'
import { status } from '../../test/provider'
import { testDeps } from '../../test/start'
import { createLeadService } from '../services/leads'
import { dispatch, MAX_ATTEMPTS } from './outbox'
import { createTopics, type Topics } from './topics'

const { db, provider, deps, mentor, ana, current, message, rows, makeDue } = await withOutbox()
const { mentoradoId } = ana
const deliver = (topics = current.topics) => dispatch(deps, topics)
const mails = () => provider.calls.map(({ body }) => JSON.parse(body))
const leave = (userId: number) => db.update(users).set({ deletedAt: sql`now()` }).where(eq(users.id, userId))

test('every topic has a sender, at compile time and at run time', () => {
  expect(Object.keys(current.topics).sort()).toEqual([...TOPICS])
  const { 'lead.created': _, ...incomplete } = current.topics
  // @ts-expect-error: a topic without a sender
  const topics: Topics = incomplete
  expect(Object.keys(topics)).toHaveLength(TOPICS.length - 1)
  // @ts-expect-error: a message that nobody sends
  db.insert(outbox).values({ topic: 'lead.creatd', dedupKey: 'x', payload: {} })
})

test('Clerk is told the role as it is when the message leaves', async () => {
  await db
    .insert(outbox)
    .values(message('clerk.metadata', 'clerk:1', { userId: ana.userId, role: 'pending' }))
  await db.update(users).set({ role: 'clinica_owner' }).where(eq(users.id, ana.userId))
  await deliver()
  expect(provider.calls).toEqual([
    {
      method: 'PATCH',
      path: '/v1/users/ana/metadata',
      key: null,
      body: '{"public_metadata":{"role":"clinica_owner"}}',
    },
  ])
  expect(await rows()).toMatchObject([{ sentAt: expect.any(Date) }])
  await db.update(users).set({ role: 'mentorado' }).where(eq(users.id, ana.userId))
})

test('an outage or a limit of Clerk’s postpones the message, and a user gone there ends it', async () => {
  await db.insert(outbox).values(message('clerk.metadata', 'clerk:2', { userId: ana.userId }))
  for (const answer of [status(500), status(429, { 'retry-after': '1' })]) {
    provider.script(answer)
    await deliver()
    expect(provider.calls).toHaveLength(1)
    expect(await rows()).toMatchObject([{ sentAt: null }])
    await makeDue()
  }
  provider.script(status(404))
  await deliver()
  expect(await rows()).toMatchObject([{ attempts: 3, sentAt: expect.any(Date) }])
})

test('a wrong Clerk key is given up at once, loudly', async () => {
  await db.insert(outbox).values(message('clerk.metadata', 'clerk:3', { userId: ana.userId }))
  provider.script(status(401))
  await deliver()
  expect(await rows()).toMatchObject([{ attempts: MAX_ATTEMPTS, sentAt: null }])
  expect(deps.lines).toMatchObject([{ event: 'outbox_gave_up', level: 'error' }])
})

test('a payment is confirmed to its mentorado, once however often it is sent', async () => {
  const paid = { mentoradoId, provider: 'stripe', providerRef: 'pi_1', amountCents: 123_456, status: 'paid' }
  const [payment] = await db.insert(payments).values(paid).returning()
  await db.insert(outbox).values(message('payment.paid', 'payment.paid:1', { paymentId: payment!.id }))
  await deliver()
  await db.update(outbox).set({ sentAt: null })
  await makeDue()
  await deliver()
  expect(provider.calls.map(({ path, key }) => [path, key])).toEqual(
    Array(2).fill(['/emails', 'payment.paid:1']),
  )
  expect(provider.effects.size).toBe(1)
  const { text, ...mail } = mails()[0]
  expect(mail).toMatchObject({ to: 'ana@example.com', subject: 'Pagamento recebido' })
  expect(text.replaceAll('\u00a0', ' ')).toBe('Recebemos R$ 1.234,56.\n')
})

test('a new lead is told to the mentor, without the lead’s own data', async () => {
  const { id } = await createLeadService(db).create(mentoradoId, { name: 'Eva', email: 'eva@example.com' })
  await deliver()
  expect(mails()).toMatchObject([{ to: 'mentor@example.com', subject: 'Novo lead de um mentorado' }])
  expect(mails()[0].text).toContain(`Lead ${id} `)
  expect(provider.calls[0]!.body).not.toMatch(/Eva|eva@/)
})

test('a lead of somebody without a mentor is told to nobody', async () => {
  const alone = await addMentorado(db, 'alone')
  await createLeadService(db).create(alone.mentoradoId, { name: 'Eva', email: null })
  await deliver()
  expect(provider.calls).toEqual([])
  expect(await rows()).toMatchObject([{ topic: 'lead.created', sentAt: expect.any(Date) }])
})

test('without a mail key mails are skipped, and say so; the rest is sent', async () => {
  const { MAIL_API_KEY: _, ...env } = deps.env
  const silent = createTopics({ ...deps, env, metrics: testDeps({ db }).metrics })
  const payload = { mentoradoId, day: '2026-11-22', sessions: 1, leads: 2 }
  await db
    .insert(outbox)
    .values([
      message('digest.daily', 'digest:1', payload),
      message('clerk.metadata', 'clerk:4', { userId: ana.userId }),
    ])
  await deliver(silent)
  expect(provider.calls.map(({ path }) => path)).toEqual(['/v1/users/ana/metadata'])
  expect(deps.lines).toMatchObject([{ event: 'mail_skipped', key: 'digest:1', topic: 'digest.daily' }])
  expect(await rows()).toMatchObject([{ sentAt: expect.any(Date) }, { sentAt: expect.any(Date) }])
})

test('a charge whose webhook came first keeps what the webhook knew', async () => {
  await db.insert(outbox).values(message('charge.create', 'charge:1', { mentoradoId, amountCents: 500 }))
  provider.script(async (call) => {
    const row = { mentoradoId, provider: 'stripe', providerRef: 'pi_1', amountCents: 500, status: 'paid' }
    await db.insert(payments).values(row)
    return provider.succeed(call)
  })
  await deliver()
  expect(await db.select().from(payments)).toMatchObject([{ providerRef: 'pi_1', status: 'paid' }])
})

test('who left gets nothing: no mail, no role', async () => {
  const [lost] = await db.select({ id: leads.id }).from(leads).limit(1)
  const [payment] = await db
    .insert(payments)
    .values({ mentoradoId, provider: 'stripe', providerRef: 'pi_2', amountCents: 100 })
    .returning()
  const about = [
    message('digest.daily', 'd', { mentoradoId, day: '2026-11-22', sessions: 1, leads: 2 }),
    message('payment.paid', 'p', { paymentId: payment!.id }),
    message('lead.created', 'l', { leadId: lost!.id, mentoradoId }),
    message('clerk.metadata', 'c', { userId: ana.userId }),
  ]
  await db.insert(outbox).values(about)
  await deliver()
  expect(provider.calls).toHaveLength(4)
  await leave(ana.userId)
  await leave(mentor.userId)
  provider.script()
  await db.delete(outbox)
  await db.insert(outbox).values(about)
  await deliver()
  expect(provider.calls).toEqual([])
  expect(await db.$count(outbox, sql`sent_at is null`)).toBe(0)
  expect(await db.$count(mentorados)).toBe(2)
})
