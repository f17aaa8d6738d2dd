import { afterAll, expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { outbox, payments } from '../../drizzle/schema'
import { withOutbox } from '../../test/outbox'
import { startServing } from '../../test/serving'
import { until } from '../../test/webhooks'
import { openDatabase } from '../db/client'
import { dispatch, startDispatcher } from './outbox'

const { db, url, env, connect, provider, providerEnv, deps, current, charge, rows, makeDue } =
  await withOutbox()
const start = () =>
  startServing({ DATABASE_URL: url, DATABASE_POOLED: String(env.DATABASE_POOLED), ...providerEnv })

test('two instances deliver two hundred messages once each', async () => {
  await db.insert(outbox).values(Array.from({ length: 200 }, (_, i) => charge(`charge:${i}`)))
  const second = await openDatabase(env, deps.log)
  afterAll(() => second.close())
  const dispatchers = [deps, { ...deps, db: second.db }].map((one) =>
    startDispatcher(one, current.topics, 10),
  )
  await until(async () => (await db.$count(outbox, sql`sent_at is null`)) === 0)
  await Promise.all(dispatchers.map((dispatcher) => dispatcher.stop()))
  expect([provider.calls.length, provider.effects.size]).toEqual([200, 200])
  expect(await db.$count(payments)).toBe(200)
})

test('two instances do not wait for a row that the other is claiming', async () => {
  await db.insert(outbox).values([charge('charge:claimed'), charge('charge:free')])
  const other = await connect()
  await other.query("begin; select from outbox where dedup_key = 'charge:claimed' for update")
  expect(await dispatch(deps, current.topics)).toBe(1)
  await other.query('rollback')
  expect(provider.calls.map(({ key }) => key)).toEqual(['charge:free'])
})

test('an instance that lost its lease while it sent leaves the row to its successor', async () => {
  await db.insert(outbox).values(charge('charge:slow'))
  const firstEnded = Promise.withResolvers<void>()
  let successor: Promise<number> | undefined
  const successorCalls = new Promise<void>((called) => {
    provider.script(
      async (call) => {
        await makeDue()
        successor = dispatch(deps, current.topics)
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
  await dispatch(deps, current.topics)
  expect(deps.lines).toMatchObject([{ event: 'outbox_lease_lost', key: 'charge:slow' }])
  expect(await rows()).toMatchObject([{ attempts: 2, sentAt: null }])
  firstEnded.resolve()
  await successor
  expect(await rows()).toMatchObject([{ attempts: 2, sentAt: expect.any(Date) }])
  expect([provider.calls.length, provider.effects.size, await db.$count(payments)]).toEqual([2, 1, 1])
})

test('an instance killed between the effect and the mark: the other sends the same key, to no second effect', async () => {
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
  expect(await dispatch(deps, current.topics)).toBe(0)

  await makeDue()
  await dispatch(deps, current.topics)
  expect(provider.calls.map(({ key }) => key)).toEqual(['charge:killed', 'charge:killed'])
  expect(provider.effects.size).toBe(1)
  expect(await db.select().from(payments)).toMatchObject([{ providerRef: 'pi_1' }])
}, 40_000)

test('an instance that is told to end finishes its batch', async () => {
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
}, 40_000)
