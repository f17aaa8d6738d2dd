import { expect, test } from 'bun:test'
import { eq, sql } from 'drizzle-orm'
import { jobRuns, leads, mentorados, mentors, outbox, sessions, users } from '../../drizzle/schema'
import { startProvider } from '../../test/provider'
import { startServing } from '../../test/serving'
import { testDeps, withDatabase } from '../../test/start'
import { until } from '../../test/webhooks'
import { dailyDigest } from './digest'
import { runDueJobs } from './scheduler'

const { db, url, env, connect } = await withDatabase()
const mail = startProvider()
const start = (workers: boolean) =>
  startServing({
    DATABASE_URL: url,
    DATABASE_POOLED: String(env.DATABASE_POOLED),
    SCHEDULER_ENABLED: 'true',
    WORKERS_ENABLED: String(workers),
    MAIL_API_KEY: 're_local',
    MAIL_URL: mail.url,
  })
const run = async () => {
  const [row] = await db
    .select({ status: jobRuns.status, watermark: jobRuns.watermark })
    .from(jobRuns)
    .where(eq(jobRuns.job, dailyDigest.name))
  return row
}
const today = sql`date_trunc('day', now() at time zone 'America/Sao_Paulo' - interval '7 hours') at time zone 'America/Sao_Paulo'`

/** 450 mentorados with one session today and one lead of yesterday each; one more had a quiet day, one left. */
async function seed() {
  const people = await db
    .insert(users)
    .values(Array.from({ length: 452 }, (_, i) => ({ clerkId: `user_${i}`, email: `${i}@example.com` })))
    .returning({ userId: users.id })
  const linked = await db.insert(mentorados).values(people).returning({ id: mentorados.id })
  const [mentor] = await db.insert(mentors).values(people.slice(0, 1)).returning({ id: mentors.id })
  const busy = linked.slice(1).map(({ id }) => id)
  await db.insert(sessions).values(
    busy.map((mentoradoId) => ({
      mentoradoId,
      mentorId: mentor!.id,
      startsAt: sql`${today} + interval '23 hours 59 minutes'`,
      endsAt: sql`${today} + interval '25 hours'`,
    })),
  )
  await db.insert(leads).values(
    busy.flatMap((mentoradoId) => [
      { mentoradoId, name: 'Ana', createdAt: sql`${today} - interval '1 minute'` },
      { mentoradoId, name: 'Bia', createdAt: sql`${today}` },
    ]),
  )
  await db
    .update(users)
    .set({ deletedAt: sql`now()` })
    .where(eq(users.id, people.at(-1)!.userId))
  return busy
}
const busy = await seed()

test('a digest killed in its second chunk goes on at the watermark, and three instances mail each once', async () => {
  // Another session holds one digest of the second chunk uncommitted: the chunk waits for it.
  const blocker = await connect()
  await blocker.query('begin')
  await blocker.query(
    `insert into outbox (topic, dedup_key, payload)
    select 'x', 'digest.daily:' || (now() at time zone 'America/Sao_Paulo' - interval '7 hours')::date || ':' || $1, '{}'`,
    [String(busy[300])],
  )

  const first = await start(false)
  await until(async () => (await run())?.watermark === busy[198])
  await until(async () => (await db.execute(sql`select from pg_locks where not granted`)).rows.length)
  await first.end('SIGKILL')
  await blocker.query('rollback')
  expect(await run()).toEqual({ status: 'running', watermark: busy[198]! })

  await db.update(jobRuns).set({ leasedUntil: sql`now() - interval '1 second'` })
  mail.script()
  await Promise.all([start(true), start(true), start(true)])
  await until(async () => (await run())?.status === 'done')
  await until(async () => (await db.$count(outbox, sql`sent_at is null`)) === 0)
  expect(await db.$count(outbox)).toBe(450)
  expect(mail.effects.size).toBe(450)
  expect(JSON.parse(mail.calls[0]!.body).text).toBe('Sessões hoje: 1\nNovos leads ontem: 1\n')
  expect((await db.select({ payload: outbox.payload }).from(outbox).limit(1))[0]!.payload).toMatchObject({
    requestId: expect.stringMatching(/^job:daily-digest:\d{4}-/),
  })
}, 60_000)

test('an operator who repeats a slot repeats no mail', async () => {
  await db.delete(jobRuns)
  await runDueJobs(testDeps({ db }), [dailyDigest], new AbortController().signal)
  expect(await run()).toMatchObject({ status: 'done' })
  expect(await db.$count(outbox)).toBe(450)
})
