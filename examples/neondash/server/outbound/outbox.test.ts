import { afterAll, beforeEach, describe, expect, test } from 'bun:test'
import { eq, sql } from 'drizzle-orm'
import { mentorados, outbox, payments, users } from '../../drizzle/schema'
import { startProvider } from '../../test/provider'
import { startServing } from '../../test/serving'
import { testDeps, withDatabase } from '../../test/start'
import { until } from '../../test/webhooks'
import { openDatabase } from '../db/client'
import { dispatch, MAX_ATTEMPTS, startDispatcher } from './outbox'
import { createTopics } from './topics'

const { db, url, env: databaseEnv, connect } = await withDatabase()
const provider = startProvider()
const env = { PAYMENTS_URL: provider.url, MAIL_URL: provider.url, MAIL_API_KEY: 're_local' }
const deps = testDeps({ db, env })
const start = () =>
  startServing({ DATABASE_URL: url, DATABASE_POOLED: String(databaseEnv.DATABASE_POOLED), ...env })
let topics = createTopics(deps)

const [user] = await db.insert(users).values({ clerkId: 'user_1', email: 'ana@example.com' }).returning()
const [mentorado] = await db.insert(mentorados).values({ userId: user!.id }).returning()
const mentoradoId = mentorado!.id

beforeEach(async () => {
  await db.delete(outbox)
  await db.delete(payments)
  provider.script()
  deps.lines.length = 0
  // A circuit of its own for each test.
  topics = createTopics({ ...deps, metrics: testDeps({ db }).metrics })
})

const charge = (dedupKey: string, payload: object = {}) => ({
  topic: 'charge.create',
  dedupKey,
  payload: { mentoradoId, amountCents: 1_990, requestId: 'req-7', ...payload },
})
const rows = () => db.select().from(outbox).orderBy(outbox.id)
const makeDue = () => db.update(outbox).set({ nextAttemptAt: sql`now() - interval '1 second'` })
const status = (code: number, headers?: Record<string, string>) => () =>
  new Response('', { status: code, headers })
const waitOf = async () => {
  const [row] = await db
    .select({ seconds: sql`extract(epoch from ${outbox.nextAttemptAt} - now())`.mapWith(Number) })
    .from(outbox)
  return row!.seconds
}

describe('a message', () => {
  test('is sent under its key, and what it returns is recorded with the mark', async () => {
    await db.insert(outbox).values(charge('charge:1'))
    expect(await dispatch(deps, topics)).toBe(1)
    expect(await rows()).toMatchObject([{ attempts: 1, sentAt: expect.any(Date) }])
    expect(provider.calls).toMatchObject([{ path: '/v1/payment_intents', key: 'charge:1' }])
    expect(Object.fromEntries(new URLSearchParams(provider.calls[0]!.body))).toMatchObject({
      amount: '1990',
      currency: 'brl',
    })
    expect(await db.select().from(payments)).toMatchObject([
      { providerRef: 'pi_1', amountCents: 1_990, mentoradoId },
    ])
    expect(await dispatch(deps, topics)).toBe(0)
  })

  test('that is not due, or whose topic this version does not know, waits', async () => {
    await db.insert(outbox).values([
      { ...charge('later'), nextAttemptAt: sql`now() + interval '1 minute'` },
      { ...charge('unknown'), topic: 'from.a.newer.version' },
    ])
    expect(await dispatch(deps, topics)).toBe(0)
    expect((await rows()).map((row) => row.attempts)).toEqual([0, 0])
  })

  test('that fails comes back later with the same key, and the lines carry its request id', async () => {
    await db.insert(outbox).values(charge('charge:2'))
    provider.script(status(500))
    await dispatch(deps, topics)
    expect(await waitOf()).toBeWithin(2, 6)
    expect(deps.lines).toMatchObject([
      { event: 'outbox_postponed', requestId: 'req-7', key: 'charge:2', attempt: 1 },
    ])
    await makeDue()
    await dispatch(deps, topics)
    expect(provider.calls.map(({ key }) => key)).toEqual(['charge:2', 'charge:2'])
    expect(await rows()).toMatchObject([{ attempts: 2, sentAt: expect.any(Date) }])
  })

  test('waits at least as long as the provider asks', async () => {
    await db.insert(outbox).values(charge('charge:3'))
    provider.script(status(429, { 'retry-after': '600' }))
    await dispatch(deps, topics)
    expect(await waitOf()).toBeWithin(598, 602)
  })

  for (const [name, answer, payload] of [
    ['refused', status(400), {}],
    ['declined', status(402), {}],
    ['of another shape', undefined, { amountCents: 'much' }],
  ] as const)
    test(`that is ${name} is given up at once, loudly`, async () => {
      await db.insert(outbox).values(charge('charge:4', payload))
      provider.script(...(answer ? [answer] : []))
      await dispatch(deps, topics)
      await makeDue()
      expect(await dispatch(deps, topics)).toBe(0)
      expect(await rows()).toMatchObject([{ attempts: MAX_ATTEMPTS, sentAt: null }])
      expect(deps.lines).toMatchObject([{ event: 'outbox_gave_up', level: 'error', requestId: 'req-7' }])
    })

  test('that failed for the last time is given up, and counts as dead', async () => {
    await db.insert(outbox).values({ ...charge('charge:5'), attempts: MAX_ATTEMPTS - 1 })
    provider.script(status(503))
    const dispatcher = startDispatcher(deps, topics, 10)
    await until(async () => (await rows())[0]?.attempts === MAX_ATTEMPTS && deps.lines.length > 0)
    await dispatcher.stop()
    expect(deps.lines).toMatchObject([{ event: 'outbox_gave_up', attempt: MAX_ATTEMPTS }])
    await db.insert(outbox).values({ ...charge('new'), createdAt: sql`now() - interval '90 seconds'` })
    const text = await deps.metrics.text()
    expect(text).toContain('outbox_dead 1')
    expect(text).toContain('outbox_depth 1')
    expect(text).toMatch(/outbox_oldest_seconds 9\d\./)
  })

  test('to somebody who left is not sent', async () => {
    const payload = { mentoradoId, day: '2026-11-22', sessions: 1, leads: 2 }
    const digest = (dedupKey: string) => ({ topic: 'digest.daily', dedupKey, payload })
    await db.insert(outbox).values(digest('digest:1'))
    await dispatch(deps, topics)
    expect(JSON.parse(provider.calls[0]!.body)).toMatchObject({
      to: 'ana@example.com',
      subject: 'Seu dia 2026-11-22',
    })
    await db.update(users).set({ deletedAt: sql`now()` }).where(eq(users.id, user!.id))
    await db.insert(outbox).values(digest('digest:2'))
    await dispatch(deps, topics)
    expect(provider.calls).toHaveLength(1)
    expect(await rows()).toMatchObject([{ sentAt: expect.any(Date) }, { sentAt: expect.any(Date) }])
  })
})

describe('two instances', () => {
  test('deliver two hundred messages once each', async () => {
    await db.insert(outbox).values(Array.from({ length: 200 }, (_, i) => charge(`charge:${i}`)))
    const second = await openDatabase(databaseEnv, deps.log)
    afterAll(() => second.close())
    const dispatchers = [deps, { ...deps, db: second.db }].map((one) => startDispatcher(one, topics, 10))
    await until(async () => (await db.$count(outbox, sql`sent_at is null`)) === 0)
    await Promise.all(dispatchers.map((dispatcher) => dispatcher.stop()))
    expect([provider.calls.length, provider.effects.size]).toEqual([200, 200])
    expect(await db.$count(payments)).toBe(200)
  })

  test('do not wait for a row that the other is claiming', async () => {
    await db.insert(outbox).values([charge('charge:claimed'), charge('charge:free')])
    const other = await connect()
    await other.query("begin; select from outbox where dedup_key = 'charge:claimed' for update")
    expect(await dispatch(deps, topics)).toBe(1)
    await other.query('rollback')
    expect(provider.calls.map(({ key }) => key)).toEqual(['charge:free'])
  })

  test('one that lost its lease while it sent leaves the row to its successor', async () => {
    await db.insert(outbox).values(charge('charge:slow'))
    const firstEnded = Promise.withResolvers<void>()
    let successor: Promise<number> | undefined
    const successorCalls = new Promise<void>((called) => {
      provider.script(
        async (call) => {
          await makeDue()
          successor = dispatch(deps, topics)
          await successorCalls
          return provider.succeed(call)
        },
        async (call) => {
          called()
          await firstEnded.promise
          return provider.succeed(call)
        },
      )
    })
    await dispatch(deps, topics)
    expect(deps.lines).toMatchObject([{ event: 'outbox_lease_lost', key: 'charge:slow' }])
    expect(await rows()).toMatchObject([{ attempts: 2, sentAt: null }])
    firstEnded.resolve()
    await successor
    expect(await rows()).toMatchObject([{ attempts: 2, sentAt: expect.any(Date) }])
    expect([provider.calls.length, provider.effects.size, await db.$count(payments)]).toEqual([2, 1, 1])
  })

  test('one killed between the effect and the mark: the other sends the same key, to no second effect', async () => {
    await db.insert(outbox).values(charge('charge:killed'))
    const killed = Promise.withResolvers<void>()
    provider.script(async (call) => {
      provider.succeed(call)
      await (await first).end('SIGKILL')
      killed.resolve()
      return new Response()
    })
    const first = start()
    await killed.promise
    expect(await rows()).toMatchObject([{ attempts: 1, sentAt: null }])
    expect(await dispatch(deps, topics)).toBe(0)

    await makeDue()
    await dispatch(deps, topics)
    expect(provider.calls.map(({ key }) => key)).toEqual(['charge:killed', 'charge:killed'])
    expect(provider.effects.size).toBe(1)
    expect(await db.select().from(payments)).toMatchObject([{ providerRef: 'pi_1' }])
  }, 15_000)

  test('one that is told to end finishes its batch', async () => {
    await db.insert(outbox).values(charge('charge:drain'))
    const called = Promise.withResolvers<void>()
    const goOn = Promise.withResolvers<void>()
    provider.script(async (call) => {
      called.resolve()
      await goOn.promise
      return provider.succeed(call)
    })
    const instance = await start()
    await called.promise
    const exit = instance.end('SIGTERM')
    goOn.resolve()
    expect(await exit).toBe(0)
    expect(await rows()).toMatchObject([{ attempts: 1, sentAt: expect.any(Date) }])
  }, 15_000)
})
