import { beforeEach, expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { integrationEvents, jobRuns, users } from '../../drizzle/schema'
import { testDeps, withDatabase } from '../../test/start'
import { store } from '../webhooks/inbox'
import { countReplayable, replay } from '../webhooks/replay'
import { webhookRetention } from './retention'
import { runDueJobs } from './scheduler'

const { db, connect } = await withDatabase()
const deps = testDeps({ db })
const run = () => runDueJobs(deps, [webhookRetention(30)], new AbortController().signal)
beforeEach(async () => {
  await db.delete(integrationEvents)
  await db.delete(jobRuns)
  deps.lines.length = 0
})

/** `count` events that ended `days` days ago, called `<status>-<days>-<n>`. */
async function given(status: 'pending' | 'done' | 'dead', days: number, count = 1) {
  await db.execute(sql`
    insert into integration_events (source, event_id, type, payload, status, processed_at)
    select 'clerk', ${`${status}-${days}-`}::text || n, 'user.updated', '{"data":{"email":"ana@example.com"}}',
      ${status}::text, now() - ${days}::int * interval '1 day'
    from generate_series(1, ${count}::int) n`)
}
const emptied = async () => {
  const rows = await db
    .select({ id: integrationEvents.eventId })
    .from(integrationEvents)
    .where(sql`payload = 'null'`)
  return rows.map(({ id }) => id).sort()
}

test('bodies of events done long ago are emptied; younger, open and dead ones stay', async () => {
  for (const [status, days] of [
    ['done', 40],
    ['done', 32],
    ['done', 29],
    ['dead', 40],
    ['pending', 40],
  ] as const)
    await given(status, days)
  await run()
  expect(await emptied()).toEqual(['done-32-1', 'done-40-1'])
  expect(await db.$count(integrationEvents)).toBe(5)
})

test('a duplicate of an emptied event is still known', async () => {
  await given('done', 40)
  await run()
  const again = { eventId: 'done-40-1', type: 'user.updated', payload: { data: {} } }
  expect(await store(db, 'clerk', again)).toBe(false)
  expect(await emptied()).toEqual(['done-40-1'])
})

test('what is empty is not replayed', async () => {
  const email = 'admin@example.com'
  await db.insert(users).values({ clerkId: 'user_admin', email, role: 'admin' })
  await given('done', 40)
  await given('done', 5)
  const all = { source: 'clerk', status: 'done' } as const
  expect(await countReplayable(db, all)).toBe(2)
  await run()
  expect(await countReplayable(db, all)).toBe(1)
  expect(await replay(db, all, email)).toBe(1)
})

test('many go in batches, each its own transaction; one that is locked waits for the next night', async () => {
  await given('done', 40, 1_200)
  const holder = await connect()
  await holder.query("begin; select from integration_events where event_id = 'done-40-7' for update")
  await run()
  await holder.query('rollback')
  expect((await emptied()).length).toBe(1_199)
  expect(await db.select({ status: jobRuns.status, watermark: jobRuns.watermark }).from(jobRuns)).toEqual([
    { status: 'done', watermark: 1_000 },
  ])
  await db.delete(jobRuns)
  await run()
  expect((await emptied()).length).toBe(1_200)
})

test('a night with nothing to do reads no history', async () => {
  await given('done', 40, 5_000)
  await db.update(integrationEvents).set({ payload: sql`'null'` })
  const client = await connect()
  await client.query('vacuum analyze integration_events')
  const { rows } = await client.query(`explain (costs off) select id from integration_events
    where status = 'done' and payload <> 'null' and processed_at < now() order by processed_at limit 500`)
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
  expect(plan).toContain('integration_events_retained_idx')
  expect(plan).not.toContain('Sort')
})
