import { eq, sql } from 'drizzle-orm'
import { jobRuns } from '../../drizzle/schema'
import type { Tx } from '../db/client'
import type { Deps } from '../deps'
import {
  claimSlot,
  continueSlot,
  dueSlots,
  failSlot,
  finishSlot,
  LeaseLost,
  type Run,
  releaseSlot,
  type Schedule,
} from './slots'

export interface Job {
  name: string
  schedule: Schedule
  /** After downtime: every missed slot in order, or only the newest when it covers the others. */
  missed: 'each' | 'newest'
  /** One short piece of work, all of it in `tx`. Returns where it ended, or `null` when the slot is complete. */
  chunk(tx: Tx, run: Run): Promise<number | null>
}

type Needed = Pick<Deps, 'db' | 'log' | 'metrics'>

/** Below the minute between two ticks, so that a long slot moves between instances instead of clinging to one. */
const TICK_MS = 45_000

// #region start-scheduler
/** `Bun.cron` only wakes, on every instance; the row in `job_runs` decides which one runs. */
export function startScheduler(deps: Needed, jobs: Job[]) {
  const stopping = new AbortController()
  let running: Promise<void> | undefined
  const tick = () => {
    const signal = AbortSignal.any([stopping.signal, AbortSignal.timeout(TICK_MS)])
    running ??= runDueJobs(deps, jobs, signal).finally(() => {
      running = undefined
    })
    return running
  }
  const cron = Bun.cron('* * * * *', tick)
  for (const job of jobs) watchJob(deps, job)
  tick()

  return {
    /** Ends after the running chunk and gives its slot back. */
    async stop() {
      cron.stop()
      stopping.abort()
      await running
    },
  }
}
// #endregion

/** One tick. Never rejects: one job's failure must not stop the others, and nobody awaits a timer. */
export async function runDueJobs(deps: Needed, jobs: Job[], signal: AbortSignal) {
  for (const job of jobs)
    try {
      const due = await dueSlots(deps.db, job.name, job.schedule)
      for (const slot of job.missed === 'newest' ? due.slice(-1) : due) {
        if (signal.aborted) return
        const run = await claimSlot(deps.db, job.name, slot)
        if (run) await runAndReport(deps, job, run, signal)
      }
    } catch (error) {
      deps.log.error({ event: 'job_failed', job: job.name, error })
    }
}

// #region run-slot
/** Runs chunk after chunk until the slot is complete or `signal` ends the tick. */
async function runSlot({ db }: Needed, job: Job, claimed: Run, signal: AbortSignal) {
  let run = claimed
  try {
    while (!signal.aborted) {
      const next = await db.transaction(async (tx) => {
        const watermark = await job.chunk(tx, run)
        if (watermark === null) await finishSlot(tx, run)
        else return continueSlot(tx, run, watermark)
      })
      if (!next) return 'done'
      run = next
    }
    await releaseSlot(db, run)
    return 'released'
  } catch (error) {
    if (error instanceof LeaseLost) return 'lease_lost'
    // Where this fails too, the lease runs out by itself.
    await failSlot(db, run).catch(() => {})
    throw error
  }
}
// #endregion

async function runAndReport(deps: Needed, job: Job, run: Run, signal: AbortSignal) {
  const log = deps.log.child({ requestId: requestIdOf(run), job: job.name, slot: run.slot })
  const started = performance.now()
  const ended = (outcome: string) => {
    const seconds = (performance.now() - started) / 1_000
    deps.metrics.histogram('job.run.duration').record(seconds, { job: job.name, outcome })
    return { event: 'job_run', outcome, durationMs: Math.round(seconds * 1_000) }
  }
  log.info({ event: 'job_start', watermark: run.watermark })
  try {
    log.info(ended(await runSlot(deps, job, run, signal)))
  } catch (error) {
    log.error({ ...ended('failed'), error })
  }
}

/** What stands for the request id where no request is; outbox payloads carry it on. */
export function requestIdOf({ job, slot }: Pick<Run, 'job' | 'slot'>): string {
  return `job:${job}:${slot}`
}

// #region job-age
/** Alert at one and a half periods: then no instance woke, or every run failed. */
function watchJob({ db, metrics }: Needed, { name }: Job) {
  const lastDone = sql`max(${jobRuns.slot}) filter (where ${jobRuns.status} = 'done')`
  const age = sql`extract(epoch from now() - coalesce(${lastDone}, min(${jobRuns.slot})))`.mapWith(Number)
  const read = async () => {
    const [row] = await db.select({ age }).from(jobRuns).where(eq(jobRuns.job, name))
    return row?.age ?? Number.NaN
  }
  metrics.gauge('job.last_done.age', 's', read, { job: name })
}
// #endregion
