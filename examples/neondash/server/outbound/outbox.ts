import { setTimeout as sleep } from 'node:timers/promises'
import { and, asc, eq, gte, inArray, isNull, lt, lte, type SQL, sql } from 'drizzle-orm'
import { ZodError } from 'zod'
import { type OutboxMessage, outbox } from '../../drizzle/schema'
import type { TopicName } from '../../shared/contracts'
import { AppError } from '../../shared/errors'
import type { Deps } from '../deps'
import type { Log } from '../log'
import { ProviderError } from './provider-error'
import type { Topic, Topics } from './topics'

type Needed = Pick<Deps, 'db' | 'log' | 'metrics'>
type Claimed = Pick<OutboxMessage, 'id' | 'topic' | 'dedupKey' | 'payload' | 'attempts'>

const BATCH = 10
/** All of a delivery must end before another instance may take the row over. */
const BUDGET_MS = 10_000
const lease = sql`now() + interval '60 seconds'`
/** About 12 hours of retries: below the 24 hours that providers remember an idempotency key. */
export const MAX_ATTEMPTS = 20
const HOUR_MS = 3_600_000

const isPending = and(isNull(outbox.sentAt), lt(outbox.attempts, MAX_ATTEMPTS))

/** Delivers what is due, batch after batch, until it is stopped. */
export function startDispatcher(deps: Needed, topics: Topics, pollMs = 1_000) {
  const stopping = new AbortController()
  const { signal } = stopping
  const run = async () => {
    while (!signal.aborted) {
      const claimed = await dispatch(deps, topics).catch((error) => {
        deps.log.error({ event: 'outbox_claim_failed', error })
        return 0
      })
      if (claimed === 0) await sleep(pollMs, undefined, { signal }).catch(() => {})
    }
  }
  const running = run()
  watchOutbox(deps)

  return {
    /** Ends after the running batch. */
    async stop() {
      stopping.abort()
      await running
    },
  }
}

/** Claims one batch and delivers it; the number of rows claimed. */
export async function dispatch(deps: Needed, topics: Topics): Promise<number> {
  const batch = await claim(deps, Object.keys(topics) as TopicName[])
  await Promise.all(batch.map((message) => deliver(deps, topics[message.topic], message)))
  return batch.length
}

// #region outbox-claim
/** Only topics that this version delivers; others wait for one that does. */
async function claim({ db }: Needed, topics: TopicName[]): Promise<Claimed[]> {
  const due = db.$with('due').as(
    db
      .select({ id: outbox.id })
      .from(outbox)
      .where(and(isPending, lte(outbox.nextAttemptAt, sql`now()`), inArray(outbox.topic, topics)))
      .orderBy(asc(outbox.nextAttemptAt))
      .limit(BATCH)
      .for('update', { skipLocked: true }),
  )
  const { id, topic, dedupKey, payload, attempts } = outbox
  return db
    .with(due)
    .update(outbox)
    .set({ attempts: sql`${attempts} + 1`, nextAttemptAt: lease })
    .from(due)
    .where(eq(id, due.id))
    .returning({ id, topic, dedupKey, payload, attempts })
}
// #endregion

// #region outbox-deliver
/** `dedup_key` is the provider's idempotency key: a crash before the mark sends again, to no second effect. */
async function deliver(deps: Needed, topic: Topic, message: Claimed) {
  const log = deps.log.child({ requestId: requestIdOf(message), topic: message.topic, key: message.dedupKey })
  const by = {
    idempotencyKey: message.dedupKey,
    budgetMs: BUDGET_MS,
    attempts: 1,
    signal: AbortSignal.timeout(BUDGET_MS),
    log,
  }
  try {
    const record = await topic(message.payload, by)
    const outcome = await deps.db.transaction(async (tx) => {
      const marked = await tx
        .update(outbox)
        .set({ sentAt: sql`now()` })
        .where(isHeldBy(message))
        .returning({ id: outbox.id })
      if (marked.length === 0) return 'lease_lost'
      await record?.(tx)
      return 'sent'
    })
    if (outcome === 'lease_lost') log.warn({ event: 'outbox_lease_lost' })
    deps.metrics.counter('outbox.deliveries').add({ topic: message.topic, outcome })
  } catch (error) {
    await postpone(deps, log, message, error)
  }
}

const isHeldBy = ({ id, attempts }: Claimed) =>
  and(eq(outbox.id, id), eq(outbox.attempts, attempts), isNull(outbox.sentAt))
// #endregion

// #region outbox-retry
/** Later, not before the provider's Retry-After; never again if it would refuse for the same reason. */
async function postpone({ db, metrics }: Needed, log: Log, message: Claimed, error: unknown) {
  const { topic, attempts } = message
  const gaveUp = attempts >= MAX_ATTEMPTS || isTerminal(error)
  const backoffMs = Math.min(HOUR_MS, 5_000 * 2 ** (attempts - 1)) * (0.5 + Math.random() / 2)
  const askedMs = error instanceof ProviderError ? Math.min(HOUR_MS, error.waitMs) : 0
  const delayMs = Math.round(Math.max(backoffMs, askedMs + Math.random() * 1_000))

  metrics.counter('outbox.deliveries').add({ topic, outcome: gaveUp ? 'gave_up' : 'postponed' })
  if (gaveUp) log.error({ event: 'outbox_gave_up', attempt: attempts, error })
  else log.warn({ event: 'outbox_postponed', attempt: attempts, delayMs, error })
  await db
    .update(outbox)
    .set({
      attempts: gaveUp ? MAX_ATTEMPTS : attempts,
      nextAttemptAt: sql`now() + ${delayMs}::float8 * interval '1 millisecond'`,
    })
    .where(isHeldBy(message))
    // Where this fails too, the lease runs out by itself.
    .catch((failed) => log.error({ event: 'outbox_postpone_failed', error: failed }))
}

function isTerminal(error: unknown): boolean {
  if (error instanceof ProviderError) return error.kind === 'terminal'
  return error instanceof ZodError || error instanceof AppError
}
// #endregion

function requestIdOf({ payload, dedupKey }: Claimed): string {
  const carried = (payload as { requestId?: unknown }).requestId
  return typeof carried === 'string' ? carried : `outbox:${dedupKey}`
}

// #region outbox-gauges
/** Alert on any `outbox.dead`, and on `outbox.oldest` beyond what a message may wait. */
function watchOutbox({ db, metrics }: Needed) {
  const read = async (value: SQL, where: SQL | undefined) => {
    const [row] = await db
      .select({ value: value.mapWith(Number) })
      .from(outbox)
      .where(where)
    return row?.value ?? 0
  }
  const isDead = and(isNull(outbox.sentAt), gte(outbox.attempts, MAX_ATTEMPTS))
  const oldest = sql`coalesce(extract(epoch from now() - min(${outbox.createdAt})), 0)`
  metrics.gauge('outbox.depth', '1', () => read(sql`count(*)`, isPending))
  metrics.gauge('outbox.oldest', 's', () => read(oldest, isPending))
  metrics.gauge('outbox.dead', '1', () => read(sql`count(*)`, isDead))
}
// #endregion
