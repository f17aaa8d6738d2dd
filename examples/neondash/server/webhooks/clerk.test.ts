import { afterEach, expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { users } from '../../drizzle/schema'
import { testDeps, withDatabase } from '../../test/start'
import { userDeleted, userEvent, work } from '../../test/webhooks'
import { store } from './inbox'

const { db } = await withDatabase()
const deps = testDeps({ db })
afterEach(async () => {
  await db.execute(sql`truncate integration_events, outbox, users cascade`)
})

let sent = 0
/** Delivers events one after another, each fully processed before the next. */
async function process(...events: { type: string }[]) {
  for (const payload of events) {
    await store(db, 'clerk', { eventId: `msg_${++sent}`, type: payload.type, payload })
    await work(deps)
  }
}

const ana = (email: string, updatedAt: number, role?: string) =>
  userEvent('user.updated', 'user_ana', email, updatedAt, role)
const person = () => db.query.users.findFirst({ where: (t, { eq }) => eq(t.clerkId, 'user_ana') })
const messages = async () =>
  (await db.query.outbox.findMany({ orderBy: (t) => t.id })).map(({ topic, payload }) => ({ topic, payload }))

test('the newest change wins, in whatever order they arrive', async () => {
  await process(
    ana('third@example.com', 3_000),
    ana('first@example.com', 1_000),
    ana('second@example.com', 2_000),
  )
  expect(await person()).toMatchObject({ email: 'third@example.com', deletedAt: null })
  await process(ana('fourth@example.com', 4_000))
  expect(await person()).toMatchObject({ email: 'fourth@example.com' })
})

test('a change that arrives before user.created creates the user', async () => {
  await process(
    ana('ana@example.com', 2_000),
    userEvent('user.created', 'user_ana', 'old@example.com', 1_000),
  )
  expect(await db.query.users.findMany()).toMatchObject([{ email: 'ana@example.com', role: 'pending' }])
})

test('a deleted user stays deleted', async () => {
  await process(
    ana('ana@example.com', 1_000),
    userDeleted('user_ana'),
    ana('back@example.com', 9_000_000_000_000),
  )
  expect(await person()).toMatchObject({ email: '', deletedAt: expect.any(Date) })
})

test('a deletion that overtakes the creation still wins', async () => {
  await process(
    userDeleted('user_ana'),
    userEvent('user.created', 'user_ana', 'ana@example.com', 1_000),
    ana('b@example.com', 2_000),
  )
  expect(await db.query.users.findMany()).toMatchObject([{ email: '', deletedAt: expect.any(Date) }])
})

test('the role never comes from the payload', async () => {
  await process(ana('ana@example.com', 1_000, 'admin'))
  expect(await person()).toMatchObject({ role: 'pending' })
  await db.update(users).set({ role: 'mentorado' })
  await process(ana('ana@example.com', 2_000, 'admin'))
  expect(await person()).toMatchObject({ role: 'mentorado' })
})

test('Clerk is told the role when it knows another, and only then', async () => {
  await process(ana('ana@example.com', 1_000))
  const { id } = (await person())!
  const told = { topic: 'clerk.metadata', payload: { userId: id } } as const
  expect(await messages()).toEqual([told])
  // Clerk answers our metadata with user.updated: the circle ends here.
  await process(ana('ana@example.com', 2_000, 'pending'))
  expect(await messages()).toEqual([told])
  await process(ana('ana@example.com', 1_500, 'admin'))
  expect(await messages()).toEqual([told])
})

test('the session of a deleted user is invalidated, once, with a version above all before', async () => {
  await process(ana('ana@example.com', 1_000))
  const before = (await person())!.updatedAt
  await process(userDeleted('user_ana'), userDeleted('user_ana'))
  const [, ...changes] = await messages()
  const {
    rows: [now],
  } = await db.execute<{ v: string; later: boolean }>(sql`
    select (extract(epoch from updated_at) * 1000000)::bigint::text as v, updated_at > ${before}::timestamptz as later from users`)
  expect(now!.later).toBe(true)
  expect(changes).toEqual([
    { topic: 'session.changed', payload: { clerkId: 'user_ana', version: Number(now!.v) } },
  ])
})

test('someone without an e-mail address is a user too', async () => {
  const event = ana('', 1_000)
  await process({
    ...event,
    data: { ...event.data, primary_email_address_id: null, email_addresses: [] },
  } as { type: string })
  expect(await person()).toMatchObject({ email: '' })
})
