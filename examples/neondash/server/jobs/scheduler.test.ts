import { beforeEach, describe, expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { jobRuns, outbox } from '../../drizzle/schema'
import { testDeps, withDatabase } from '../../test/start'
import { openDatabase } from '../db/client'
import { dailyDigest } from './digest'
import { type Job, runDueJobs, startScheduler } from './scheduler'

const { db, env } = await withDatabase()
const deps = testDeps({ db })
const never = new AbortController().signal

beforeEach(async () => {
  deps.lines.length = 0
  await db.delete(jobRuns)
  await db.delete(outbox)
})

const chunks = (name: string, missed: Job['missed'], chunk: Job['chunk']): Job => ({
  name,
  missed,
  schedule: { period: 'day', after: '0 hours', zone: 'America/Sao_Paulo' },
  chunk,
})
const doneDaysAgo = (job: string, days: number) =>
  db.insert(jobRuns).values({
    job,
    slot: sql`(date_trunc('day', now() at time zone 'America/Sao_Paulo') - ${days} * interval '1 day')
      at time zone 'America/Sao_Paulo'`,
    status: 'done',
    leasedUntil: sql`now()`,
  })
const expire = () => db.update(jobRuns).set({ leasedUntil: sql`now() - interval '1 second'` })
const runs = () =>
  db.select({ job: jobRuns.job, status: jobRuns.status, watermark: jobRuns.watermark }).from(jobRuns)

describe('a tick', () => {
  test('of five instances at once runs the slot once', async () => {
    const pools = await Promise.all(Array.from({ length: 5 }, () => openDatabase(env, deps.log)))
    let ran = 0
    const job = chunks('once', 'newest', async () => {
      ran += 1
      return null
    })
    await Promise.all(pools.map((pool) => runDueJobs({ ...deps, db: pool.db }, [job], never)))
    await Promise.all(pools.map((pool) => pool.close()))
    expect(ran).toBe(1)
    expect(await runs()).toEqual([{ job: 'once', status: 'done', watermark: null }])
  })

  test('after three days of downtime runs each missed slot in order, or only the newest', async () => {
    const ran: Record<string, string[]> = { each: [], newest: [] }
    const job = (missed: Job['missed']) =>
      chunks(missed, missed, async (_, run) => {
        ran[missed]?.push(run.slot)
        return null
      })
    for (const name of ['each', 'newest']) await doneDaysAgo(name, 3)
    await runDueJobs(deps, [job('each'), job('newest')], never)
    expect(ran.each).toHaveLength(3)
    expect(ran.each).toEqual(ran.each!.toSorted())
    expect(ran.newest).toEqual(ran.each!.slice(-1))
  })

  test('over its deadline gives the slot back, and the next one goes on at the watermark', async () => {
    const tick = new AbortController()
    const watermarks: (number | null)[] = []
    const job = chunks('long', 'newest', async (_, { watermark }) => {
      watermarks.push(watermark)
      if (watermark === 10) tick.abort()
      return watermark === 30 ? null : (watermark ?? 0) + 10
    })
    await runDueJobs(deps, [job], tick.signal)
    expect(await runs()).toEqual([{ job: 'long', status: 'running', watermark: 20 }])
    await runDueJobs(deps, [job], never)
    expect(watermarks).toEqual([null, 10, 20, 30])
    expect(deps.lines.map((line) => line.outcome).filter(Boolean)).toEqual(['released', 'done'])
  })

  test('whose job throws keeps what was committed, runs the other jobs, and lets the slot rest', async () => {
    let broken = true
    const failing = chunks('failing', 'newest', async (tx, { watermark }) => {
      await tx.insert(outbox).values({ topic: 'lead.created', dedupKey: `after ${watermark}`, payload: {} })
      if (watermark === 1 && broken) throw new TypeError('secret value')
      return watermark === 1 ? null : 1
    })
    const other = chunks('other', 'newest', async () => null)
    await runDueJobs(deps, [failing, other], never)
    await runDueJobs(deps, [failing, other], never)
    expect(await runs()).toEqual([
      { job: 'failing', status: 'failed', watermark: 1 },
      { job: 'other', status: 'done', watermark: null },
    ])
    expect(await db.select({ key: outbox.dedupKey }).from(outbox)).toEqual([{ key: 'after null' }])
    const errors = deps.lines.filter((line) => line.level === 'error')
    expect(errors).toMatchObject([
      { errorClass: 'TypeError', requestId: expect.stringMatching(/^job:failing:2/) },
    ])
    broken = false
    await expire()
    await runDueJobs(deps, [failing], never)
    expect(await runs()).toContainEqual({ job: 'failing', status: 'done', watermark: 1 })
  })

  test('that was taken over while it worked ends without a trace', async () => {
    const job = chunks('slow', 'newest', async (tx, { token }) => {
      await tx.insert(outbox).values({ topic: 'lead.created', dedupKey: token, payload: {} })
      if (deps.lines.length > 1) return null
      await expire()
      await runDueJobs(deps, [job], never)
      return null
    })
    await runDueJobs(deps, [job], never)
    expect(deps.lines.map((line) => line.outcome).filter(Boolean)).toEqual(['done', 'lease_lost'])
    expect(await db.$count(outbox)).toBe(1)
  })

  test('survives a database that is away', async () => {
    const gone = await openDatabase({ ...env, DATABASE_URL: 'postgres://app:local@127.0.0.1:1/x' }, deps.log)
    await runDueJobs({ ...deps, db: gone.db }, [dailyDigest], never)
    expect(deps.lines).toMatchObject([{ event: 'job_failed', job: 'daily-digest', level: 'error' }])
    await gone.close()
  })
})

test('stop waits for the running chunk and gives the slot back; the age of a job shows in the metrics', async () => {
  await doneDaysAgo('stopped', 2)
  const inChunk = Promise.withResolvers<void>()
  const goOn = Promise.withResolvers<void>()
  const job = chunks('stopped', 'newest', async () => {
    inChunk.resolve()
    await goOn.promise
    return 1
  })
  const scheduler = startScheduler(deps, [job])
  await inChunk.promise
  const stopped = scheduler.stop()
  goOn.resolve()
  await stopped
  expect(await runs()).toContainEqual({ job: 'stopped', status: 'running', watermark: 1 })
  const [, age] = (await deps.metrics.text()).match(/job_last_done_age_seconds\{job="stopped"\} (\S+)/)!
  expect(Number(age)).toBeWithin(2 * 86_400, 3 * 86_400)
  const successor = chunks('stopped', 'newest', async (_, { watermark }) => (watermark === 1 ? null : 1))
  await runDueJobs(deps, [successor], never)
  expect((await runs()).map((run) => run.status)).toEqual(['done', 'done'])
})
