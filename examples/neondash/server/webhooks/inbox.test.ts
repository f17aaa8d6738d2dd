import { afterEach, expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { testDeps, withDatabase } from '../../test/start'
import { hasten, work } from '../../test/webhooks'
import type { Deps } from '../deps'
import type { Handler } from './handlers'
import { claim, finish, LeaseLost, measure, store, sweep } from './inbox'
import { createProcess } from './process'

const { db, connect } = await withDatabase()
afterEach(async () => {
  await db.execute(sql`truncate integration_events, outbox, users cascade`)
})

const effect: Handler = (tx, { eventId }) =>
  tx.execute(sql`insert into outbox (topic, dedup_key, payload) values ('test', ${eventId}, '{}')`)
const failing: Handler = async (tx, event) => {
  await effect(tx, event)
  await tx.execute(
    sql`insert into payments (mentorado_id, provider, provider_ref, amount_cents) values (-1, 'x', 'x', 1)`,
  )
}

async function given(eventId: string, payload: unknown = {}) {
  await store(db, 'clerk', { eventId, type: 'test', payload })
}

async function row(eventId: string) {
  return (await db.query.integrationEvents.findFirst({ where: (t, { eq }) => eq(t.eventId, eventId) }))!
}

/** One attempt at whatever is due, without a worker. */
async function attemptAll(deps: Deps, handler: Handler) {
  await Promise.all((await claim(db, 100)).map(createProcess(deps, { 'clerk:test': handler })))
}

const effects = async () => (await db.query.outbox.findMany()).map(({ dedupKey }) => dedupKey).sort()

test('one event is claimed by one of many, in order of what is due', async () => {
  for (let n = 0; n < 6; n++) await given(`e${n}`)
  await db.execute(
    sql`update integration_events set next_attempt_at = now() + interval '1 minute' where event_id = 'e0'`,
  )
  const claims = await Promise.all([claim(db, 2), claim(db, 2), claim(db, 2), claim(db, 2)])
  expect(
    claims
      .flat()
      .map(({ eventId }) => eventId)
      .sort(),
  ).toEqual(['e1', 'e2', 'e3', 'e4', 'e5'])
  expect(await claim(db, 10)).toEqual([])
})

test('a worker whose lease ran out changes nothing', async () => {
  await given('slow')
  const [first] = await claim(db, 1)
  await hasten(db)
  const [second] = await claim(db, 1)
  expect([first!.attempts, second!.attempts]).toEqual([1, 2])
  await expect(finish(db, first!, (tx) => effect(tx, first!))).rejects.toBeInstanceOf(LeaseLost)
  expect(await effects()).toEqual([])
  await finish(db, second!, (tx) => effect(tx, second!))
  await expect(finish(db, second!, (tx) => effect(tx, second!))).rejects.toBeInstanceOf(LeaseLost)
  expect(await effects()).toEqual(['slow'])
})

test('an effect that outlives its lease is not begun a second time', async () => {
  await given('long')
  const [event] = await claim(db, 1)
  await hasten(db)
  await finish(db, event!, async (tx) => {
    expect(await claim(db, 1)).toEqual([])
    await effect(tx, event!)
  })
  expect(await row('long')).toMatchObject({ status: 'done', attempts: 1 })
})

test('each failure waits longer, with jitter, until the event is dead', async () => {
  await given('poison')
  const deps = testDeps({ db })
  for (let attempt = 1; attempt <= 8; attempt++) {
    const before = Date.now()
    await attemptAll(deps, failing)
    const { status, attempts, nextAttemptAt, lastError } = await row('poison')
    expect({ status, attempts }).toEqual({ status: attempt < 8 ? 'pending' : 'dead', attempts: attempt })
    expect(lastError).toBe('Error 23503 payments_mentorado_id_mentorados_id_fk')
    expect(nextAttemptAt.getTime()).toBeGreaterThanOrEqual(before - 5)
    expect(nextAttemptAt.getTime()).toBeLessThanOrEqual(Date.now() + 5_000 * 2 ** attempt)
    if (attempt < 8 && nextAttemptAt.getTime() > Date.now() + 1_000) expect(await claim(db, 1)).toEqual([])
    await hasten(db)
  }
  await attemptAll(deps, failing)
  expect((await row('poison')).attempts).toBe(8)
  expect(await effects()).toEqual([])
  const lines = deps.lines.filter(({ event }) => event === 'webhook_processed')
  expect(lines.map(({ outcome }) => outcome)).toEqual([...Array(7).fill('retry'), 'dead'])
  expect(lines.at(-1)).toMatchObject({
    level: 'error',
    requestId: 'evt:clerk:poison',
    operation: 'clerk:test',
    attempt: 8,
    errorCode: '23503',
    durationMs: expect.any(Number),
  })
})

test('the wait spreads over its whole range', async () => {
  for (let n = 0; n < 100; n++) await given(`j${n}`)
  await attemptAll(testDeps({ db }), failing)
  const waits = (await db.query.integrationEvents.findMany()).map(
    (event) => event.nextAttemptAt.getTime() - Date.now(),
  )
  expect(Math.max(...waits)).toBeLessThanOrEqual(10_000)
  expect(Math.max(...waits) - Math.min(...waits)).toBeGreaterThan(5_000)
})

test('what does not parse is dead at once, and names the place but no value', async () => {
  await store(db, 'clerk', {
    eventId: 'odd',
    type: 'user.updated',
    payload: { data: { id: 'user_1', updated_at: 'secret' } },
  })
  await work(testDeps({ db }))
  const { status, attempts, lastError } = await row('odd')
  expect({ status, attempts }).toEqual({ status: 'dead', attempts: 1 })
  expect(lastError).toContain('ZodError data.updated_at')
  expect(lastError).not.toContain('secret')
})

test('an event nobody handles is done', async () => {
  await store(db, 'clerk', { eventId: 'other', type: 'constructor', payload: {} })
  await work(testDeps({ db }))
  expect(await row('other')).toMatchObject({ status: 'done', attempts: 1 })
})

test('a long history of done events is not read', async () => {
  const client = await connect()
  await client.query(`
    insert into integration_events (source, event_id, type, payload, status)
    select 'clerk', 'h' || n, 'test', '{}', case when n % 500 = 0 then 'pending' else 'done' end from generate_series(1, 20000) n;
    analyze integration_events`)
  await db.transaction(async (tx) => {
    const scans = sql`select seq_scan::int from pg_stat_xact_user_tables where relname = 'integration_events'`
    const before = await tx.execute(scans)
    for (const query of [() => claim(tx, 10), () => sweep(tx), () => measure(tx)]) await query()
    expect((await tx.execute(scans)).rows).toEqual(before.rows)
  })
  const { rows } = await client.query(`explain (costs off)
    select id from integration_events where status in ('pending', 'processing') and next_attempt_at <= now() and attempts < 8
    order by next_attempt_at limit 10 for update skip locked`)
  const plan = rows.map((line) => line['QUERY PLAN']).join('\n')
  expect(plan).toContain('integration_events_due_idx')
  expect(plan).not.toContain('Sort')
})
