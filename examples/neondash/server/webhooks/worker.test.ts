import { afterEach, expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { testDeps, withDatabase } from '../../test/start'
import { clerkDelivery, hasten, until, userEvent, work } from '../../test/webhooks'
import { createApp } from '../app'
import type { Handler } from './handlers'
import { claim, measure, store, sweep } from './inbox'
import { createWebhookWorker } from './worker'

const { db } = await withDatabase()
afterEach(async () => {
  await db.execute(sql`truncate integration_events, outbox, users cascade`)
})

const effect: Handler = (tx, { eventId }) =>
  tx.execute(sql`insert into outbox (topic, dedup_key, payload) values ('test', ${eventId}, '{}')`)

async function given(eventId: string, payload: unknown = {}) {
  await store(db, 'clerk', { eventId, type: 'test', payload })
}

async function row(eventId: string) {
  return (await db.query.integrationEvents.findFirst({ where: (t, { eq }) => eq(t.eventId, eventId) }))!
}

const effects = async () => (await db.query.outbox.findMany()).map(({ dedupKey }) => dedupKey).sort()

test('five concurrent deliveries have one effect', async () => {
  const deps = testDeps({ db })
  const { path, init } = clerkDelivery(
    userEvent('user.created', 'user_1', 'ana@example.com', 1_795_000_000_123),
  )
  const app = createApp(deps)
  await Promise.all(Array.from({ length: 5 }, () => app.request(path, init)))
  await work(deps)
  expect(await db.query.users.findMany()).toMatchObject([
    { clerkId: 'user_1', email: 'ana@example.com', role: 'pending' },
  ])
  expect(await effects()).toHaveLength(1)
  expect(await row(init.headers['svix-id']!)).toMatchObject({
    status: 'done',
    attempts: 1,
    processedAt: expect.any(Date),
  })
})

test('an event whose last attempt took its worker along is buried', async () => {
  await given('killer')
  await db.execute(sql`update integration_events set attempts = 7`)
  await claim(db, 1)
  expect(await sweep(db)).toEqual([])
  await hasten(db)
  const deps = testDeps({ db })
  await work(deps)
  expect(await row('killer')).toMatchObject({ status: 'dead', attempts: 8, lastError: 'worker died' })
  expect(deps.lines).toContainEqual(
    expect.objectContaining({ event: 'webhook_buried', requestId: 'evt:clerk:killer' }),
  )
})

test('stop waits for what runs and gives back what did not begin', async () => {
  await given('running')
  const gate = Promise.withResolvers<void>()
  const begun = Promise.withResolvers<void>()
  const handlers: Record<string, Handler> = {
    async 'clerk:test'(tx, event) {
      begun.resolve()
      await gate.promise
      await effect(tx, event)
    },
  }
  const worker = createWebhookWorker(testDeps({ db }), { handlers })
  worker.start()
  await begun.promise
  const stopped = worker.stop()
  expect(await Promise.race([stopped.then(() => 'stopped'), Bun.sleep(50)])).toBeUndefined()
  gate.resolve()
  await stopped
  expect(await row('running')).toMatchObject({ status: 'done' })

  // Stopped while its claim is under way: the claim still answers.
  await given('claimed')
  const late = createWebhookWorker(testDeps({ db }), { handlers })
  late.start()
  await late.stop()
  expect(await row('claimed')).toMatchObject({ status: 'pending', attempts: 0, leasedUntil: null })
  expect((await claim(db, 1)).map(({ eventId }) => eventId)).toEqual(['claimed'])
})

test('a stored event wakes the worker of its process before the next poll', async () => {
  const deps = testDeps({ db, env: { WORKER_POLL_MS: 3_600_000 } })
  const worker = createWebhookWorker(deps)
  worker.start()
  await until(async () => deps.metrics.text().then((text) => text.includes('inbox_depth{')))
  const { path, init } = clerkDelivery(
    userEvent('user.created', 'user_9', 'nova@example.com', 1_795_000_000_123),
  )
  await createApp(deps).request(path, init)
  await until(() => db.query.users.findFirst())
  await worker.stop()
})

test('a backlog is worked off without waiting for polls', async () => {
  for (let n = 0; n < 30; n++) await given(`b${n}`)
  const worker = createWebhookWorker(testDeps({ db, env: { WORKER_POLL_MS: 3_600_000 } }), {
    handlers: { 'clerk:test': effect },
  })
  worker.start()
  await until(async () => (await effects()).length === 30)
  await worker.stop()
})

test('depth, age and dead letters are metrics that cost a scrape no query', async () => {
  await given('old')
  await given('gone')
  await db.execute(sql`update integration_events set status = 'dead' where event_id = 'gone'`)
  await db.execute(
    sql`update integration_events set received_at = now() - interval '90 seconds', next_attempt_at = now() + interval '1 hour'`,
  )
  expect(await measure(db)).toMatchObject([{ source: 'clerk', depth: 1, dead: 1 }])
  const deps = testDeps({ db })
  await work(deps)
  const text = await deps.metrics.text()
  expect(text).toContain('neondash_inbox_depth{source="clerk"} 1')
  expect(text).toContain('neondash_inbox_dead{source="clerk"} 1')
  expect(text).toContain('neondash_inbox_depth{source="stripe"} 0')
  expect(text).toMatch(/neondash_inbox_oldest_seconds\{source="clerk"\} 9\d/)
})
