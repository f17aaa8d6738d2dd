import { afterAll, beforeEach, describe, expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { jobRuns, outbox } from '../../drizzle/schema'
import { withDatabase } from '../../test/start'
import { openDatabase } from '../db/client'
import { createLog } from '../log'
import {
  claimSlot,
  continueSlot,
  dueSlots,
  finishSlot,
  LeaseLost,
  type Run,
  releaseSlot,
  type Schedule,
} from './slots'

const { db, env } = await withDatabase()
const instances = await Promise.all(
  Array.from({ length: 8 }, () => openDatabase(env, createLog({ level: 'error' }))),
)
afterAll(() => Promise.all(instances.map((instance) => instance.close())))
beforeEach(async () => {
  await db.delete(jobRuns)
  await db.delete(outbox)
})

const SLOT = '2026-11-22 03:00:00+00'
const daily = (after: string, zone: string): Schedule => ({ period: 'day', after, zone })
const expire = () => db.update(jobRuns).set({ leasedUntil: sql`now() - interval '1 second'` })
const finished = (job: string, slot: string) =>
  db.insert(jobRuns).values({ job, slot, status: 'done', leasedUntil: sql`now()` })

async function slotsOn(schedule: Schedule, ...hours: string[]) {
  const found: string[] = []
  for (const hour of hours)
    found.push(...(await dueSlots(db, 'never-run', schedule, sql`${hour}::timestamptz`)))
  return found
}

describe('claimSlot', () => {
  test('eight instances at once: one gets the slot', async () => {
    const claims = await Promise.all(instances.map((instance) => claimSlot(instance.db, 'digest', SLOT)))
    expect(claims.filter(Boolean)).toHaveLength(1)
  })

  test('eight instances at an expired lease: one takes it over, at its watermark', async () => {
    const run = await claimSlot(db, 'digest', SLOT)
    await db.transaction((tx) => continueSlot(tx, run!, 500))
    await expire()
    const claims = await Promise.all(instances.map((instance) => claimSlot(instance.db, 'digest', SLOT)))
    expect(claims.filter(Boolean)).toMatchObject([{ watermark: 500 }])
  })

  test('a slot that is done, or running elsewhere, is nobody’s', async () => {
    const run = await claimSlot(db, 'digest', SLOT)
    expect(await claimSlot(db, 'digest', SLOT)).toBeUndefined()
    await db.transaction((tx) => finishSlot(tx, run!))
    await expire()
    expect(await claimSlot(db, 'digest', SLOT)).toBeUndefined()
  })

  test('a released slot is claimed at once', async () => {
    const run = await claimSlot(db, 'digest', SLOT)
    await releaseSlot(db, run!)
    expect(await claimSlot(db, 'digest', SLOT)).toMatchObject({ slot: SLOT })
  })
})

describe('the token', () => {
  const writeAndContinue = (run: Run) =>
    db.transaction(async (tx) => {
      await tx.insert(outbox).values({ topic: 'lead.created', dedupKey: crypto.randomUUID(), payload: {} })
      return continueSlot(tx, run, 1)
    })

  test('an instance that was taken over rolls back what its chunk wrote', async () => {
    const stalled = await claimSlot(db, 'digest', SLOT)
    await expire()
    const current = await claimSlot(db, 'digest', SLOT)
    await expect(writeAndContinue(stalled!)).rejects.toBeInstanceOf(LeaseLost)
    await expect(db.transaction((tx) => finishSlot(tx, stalled!))).rejects.toBeInstanceOf(LeaseLost)
    await writeAndContinue(current!)
    expect(await db.$count(outbox)).toBe(1)
  })

  test('its microseconds tell two leases of one millisecond apart', async () => {
    await claimSlot(db, 'digest', SLOT)
    await db.update(jobRuns).set({ leasedUntil: '2026-11-22 03:02:00.123456+00' })
    const stale = { job: 'digest', slot: SLOT, token: '2026-11-22 03:02:00.123455+00', watermark: null }
    await expect(writeAndContinue(stale)).rejects.toBeInstanceOf(LeaseLost)
    await writeAndContinue({ ...stale, token: '2026-11-22 03:02:00.123456+00' })
  })

  test('changes with every chunk', async () => {
    const first = await claimSlot(db, 'digest', SLOT)
    const second = await writeAndContinue(first!)
    expect(second).toMatchObject({ watermark: 1 })
    await expect(writeAndContinue(first!)).rejects.toBeInstanceOf(LeaseLost)
  })
})

describe('dueSlots', () => {
  const paulo = daily('0 hours', 'America/Sao_Paulo')

  test('is the local day, and the same one until it ends', async () => {
    const hours = ['2026-11-22T02:59Z', '2026-11-22T03:00Z', '2026-11-23T02:59Z', '2026-11-23T03:00Z']
    const [before, first, last, next] = await slotsOn(paulo, ...hours)
    expect([before, first, last, next]).toEqual([
      '2026-11-21 03:00:00+00',
      '2026-11-22 03:00:00+00',
      '2026-11-22 03:00:00+00',
      '2026-11-23 03:00:00+00',
    ])
  })

  test('is due from the hour on the wall clock, and a later hour does not make a second slot', async () => {
    const at = sql`'2026-11-22T10:00Z'::timestamptz`
    expect(await dueSlots(db, 'digest', daily('7 hours', 'America/Sao_Paulo'), at)).toEqual([SLOT])
    await finished('digest', SLOT)
    expect(await dueSlots(db, 'digest', daily('5 hours', 'America/Sao_Paulo'), at)).toEqual([])
    const early = sql`'2026-11-22T09:59Z'::timestamptz`
    expect(await dueSlots(db, 'other', daily('7 hours', 'America/Sao_Paulo'), early)).toEqual([
      '2026-11-21 03:00:00+00',
    ])
  })

  for (const [day, schedule, from, hours] of [
    ['São Paulo, 23 hours, without a midnight', paulo, '2018-11-04T03:00Z', 23],
    ['São Paulo, 25 hours, with 23:30 twice', paulo, '2019-02-16T02:00Z', 25],
    ['New York, 23 hours, without 02:30', daily('150 minutes', 'America/New_York'), '2026-03-08T05:00Z', 23],
    [
      'New York, 25 hours, with 01:30 twice',
      daily('90 minutes', 'America/New_York'),
      '2026-11-01T04:00Z',
      25,
    ],
  ] as const)
    test(`one slot on the day of ${day}`, async () => {
      const start = Date.parse(from)
      const halfHours = Array.from({ length: (hours + 24) * 2 }, (_, i) =>
        new Date(start + i * 1_800_000).toISOString(),
      )
      const found = [...new Set(await slotsOn(schedule, ...halfHours))].map((slot) => Date.parse(slot))
      expect(found.filter((slot) => slot >= start)).toEqual([start, start + hours * 3_600_000])
    })

  test('months have their own length', async () => {
    const monthly: Schedule = { period: 'month', after: '0 hours', zone: 'America/Sao_Paulo' }
    await finished('invoice', '2026-01-01T03:00Z')
    expect(await dueSlots(db, 'invoice', monthly, sql`'2026-03-31T12:00Z'::timestamptz`)).toEqual([
      '2026-02-01 03:00:00+00',
      '2026-03-01 03:00:00+00',
    ])
  })

  test('after downtime every missed slot, an unfinished older one too', async () => {
    await finished('digest', '2026-11-18T03:00Z')
    await finished('digest', '2026-11-20T03:00Z')
    expect(await dueSlots(db, 'digest', paulo, sql`'2026-11-22T12:00Z'::timestamptz`)).toEqual([
      '2026-11-19 03:00:00+00',
      '2026-11-21 03:00:00+00',
      '2026-11-22 03:00:00+00',
    ])
  })

  test('never more than seven, and none from before the first run', async () => {
    expect(await dueSlots(db, 'digest', paulo, sql`'2026-11-22T12:00Z'::timestamptz`)).toEqual([SLOT])
    await finished('digest', '2026-08-01T03:00Z')
    const missed = await dueSlots(db, 'digest', paulo, sql`'2026-11-22T12:00Z'::timestamptz`)
    expect([missed.length, missed[0], missed[6]]).toEqual([7, '2026-11-16 03:00:00+00', SLOT])
  })
})
