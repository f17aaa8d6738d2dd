import { and, eq, type SQL, sql } from 'drizzle-orm'
import { jobRuns } from '../../drizzle/schema'
import type { Queries, Tx } from '../db/client'

/** When a job is due: once per local day or month, from `after` (wall clock) on. */
export interface Schedule {
  period: 'day' | 'month'
  /** e.g. '7 hours'. Not part of the slot: changing it does not repeat today's run. */
  after: string
  zone: string
}

/** One slot in the hands of one instance, until `token` passes or another instance holds a newer one. */
export interface Run {
  job: string
  /** The start of the period that the run stands for. */
  slot: string
  /** `leased_until` as text: a `Date` would drop the microseconds that tell two leases apart. */
  token: string
  /** Where the last committed chunk ended. */
  watermark: number | null
}

/** Longer than a tick and the statement that outlasts it. */
const lease = sql`now() + interval '2 minutes'`
const MOST_MISSED = 7

const held = { slot: jobRuns.slot, token: jobRuns.leasedUntil, watermark: jobRuns.watermark }
const isHeldBy = ({ job, slot, token }: Run) =>
  and(
    eq(jobRuns.job, job),
    eq(jobRuns.slot, slot),
    eq(jobRuns.leasedUntil, token),
    eq(jobRuns.status, 'running'),
  )

/** Thrown inside a chunk's transaction, so that everything the chunk wrote rolls back. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
}

// #region due-slots
/**
 * Slots that are due and not done, oldest first: at most the last seven, none from before the job's first run.
 * Periods are counted on the local calendar, so a day of 23 or 25 hours is one slot.
 */
export async function dueSlots(db: Queries, job: string, schedule: Schedule, now: SQL = sql`now()`) {
  const { period, after, zone } = schedule
  const { rows } = await db.execute<{ slot: string }>(sql`
    with today as (
      select date_trunc(${period}, ${now} at time zone ${zone}) as start, ${`1 ${period}`}::interval as period
    ), due as (
      select local_start at time zone ${zone} as slot
      from today, generate_series(start - ${MOST_MISSED} * period, start, period) as local_start
      where (local_start + ${after}::interval) at time zone ${zone} <= ${now}
      order by slot desc limit ${MOST_MISSED}
    ), first_run as (
      select coalesce((select min(slot) from job_runs where job = ${job}), (select max(slot) from due)) as slot
    )
    select due.slot::text from due join first_run on due.slot >= first_run.slot
    where not exists (select from job_runs where job = ${job} and slot = due.slot and status = 'done')
    order by due.slot`)
  return rows.map((row) => row.slot)
}
// #endregion

// #region claim-slot
/** Takes a new slot, or one whose lease ran out; nothing if it is done or running elsewhere. */
export async function claimSlot(db: Queries, job: string, slot: string): Promise<Run | undefined> {
  const [run] = await db
    .insert(jobRuns)
    .values({ job, slot, leasedUntil: lease })
    .onConflictDoUpdate({
      target: [jobRuns.job, jobRuns.slot],
      set: { status: 'running', leasedUntil: sql`excluded.leased_until` },
      setWhere: sql`${jobRuns.status} <> 'done' and ${jobRuns.leasedUntil} < now()`,
    })
    .returning(held)
  return run && { job, ...run }
}
// #endregion

// #region continue-slot
/** Moves the watermark and the lease in the chunk's own transaction. */
export async function continueSlot(tx: Tx, run: Run, watermark: number): Promise<Run> {
  const [next] = await tx
    .update(jobRuns)
    .set({ watermark, leasedUntil: lease })
    .where(isHeldBy(run))
    .returning(held)
  if (!next) throw new LeaseLost()
  return { job: run.job, ...next }
}
// #endregion

/** Ends the slot in the last chunk's own transaction. */
export async function finishSlot(tx: Tx, run: Run) {
  const done = await tx
    .update(jobRuns)
    .set({ status: 'done', finishedAt: sql`now()` })
    .where(isHeldBy(run))
    .returning(held)
  if (done.length === 0) throw new LeaseLost()
}

/** Gives an unfinished slot back: whoever claims it next goes on at the watermark. */
export async function releaseSlot(db: Queries, run: Run) {
  await db.update(jobRuns).set({ leasedUntil: sql`now()` }).where(isHeldBy(run))
}

/** Marks a run that threw, and lets it rest before the next claim. */
export async function failSlot(db: Queries, run: Run) {
  await db
    .update(jobRuns)
    .set({ status: 'failed', leasedUntil: sql`now() + interval '5 minutes'` })
    .where(isHeldBy(run))
}
