import { type SQL, sql } from 'drizzle-orm'
import { integrationEvents } from '../../drizzle/schema'
import type { Db, Queries, Tx } from '../db/client'

export const SOURCES = ['clerk', 'stripe'] as const
export type Source = (typeof SOURCES)[number]

const MAX_ATTEMPTS = 8
/** Longer than any effect takes: the statement timeout ends one much earlier. */
const LEASE = sql`interval '60 seconds'`

/** An event under lease. `attempts` is the fencing token: whoever claims the event next gets a higher one. */
export interface InboxEvent {
  id: string
  source: Source
  eventId: string
  type: string
  payload: unknown
  attempts: number
}

/** This worker's lease ran out and the event is another's, or done. */
export class LeaseLost extends Error {
  override readonly name = 'LeaseLost'
}

/** A failure that another attempt would repeat. Operators read its message: no personal data in it. */
export class Terminal extends Error {
  override readonly name = 'Terminal'
}

// #region inbox-store
type NewEvent = Pick<typeof integrationEvents.$inferInsert, 'eventId' | 'type' | 'payload' | 'occurredAt'>

/** Whether the event is new. Of concurrent deliveries of one event, the unique key lets one through. */
export async function store(db: Queries, source: Source, event: NewEvent): Promise<boolean> {
  const stored = await db
    .insert(integrationEvents)
    .values({ ...event, source, type: storable(event.type), payload: storable(event.payload) })
    .onConflictDoNothing({ target: [integrationEvents.source, integrationEvents.eventId] })
    .returning({ id: integrationEvents.id })
  return stored.length > 0
}
// #endregion

/** `\u0000` and halves of surrogate pairs, as JSON.stringify writes them; not `\\u0000`, which is text. */
const unstorable = /(?<=(?<!\\)(?:\\\\)*)\\u(?:0000|d[89a-f]..)/g

/** jsonb and text refuse what JSON allows here; one such name would fail every delivery of its event. */
function storable<T>(value: T): T {
  return JSON.parse(JSON.stringify(value).replace(unstorable, '\\ufffd'))
}

// #region inbox-claim
/** Takes up to `limit` due events; of several workers each gets its own. Expired leases are due again. */
export async function claim(db: Queries, limit: number): Promise<InboxEvent[]> {
  const { rows } = await db.execute<InboxEvent & Record<string, unknown>>(sql`
    with due as materialized (
      select id from integration_events
      where status in ('pending', 'processing') and next_attempt_at <= now() and attempts < ${MAX_ATTEMPTS}
      order by next_attempt_at limit ${limit} for update skip locked)
    update integration_events e
    set status = 'processing', attempts = attempts + 1,
      leased_until = now() + ${LEASE}, next_attempt_at = now() + ${LEASE}
    from due where e.id = due.id
    returning e.id, e.source, e.event_id as "eventId", e.type, e.payload, e.attempts`)
  return rows
}
// #endregion

// #region inbox-finish
/** Effect and `done` in one transaction. Marking comes first: it locks the row and refuses a lost lease. */
export async function finish(db: Db, event: InboxEvent, effect: (tx: Tx) => Promise<unknown>) {
  await db.transaction(async (tx) => {
    const { rows } = await tx.execute(sql`
      update integration_events
      set status = 'done', processed_at = now(), leased_until = null, last_error = null
      where ${held(event)} returning id`)
    if (rows.length === 0) throw new LeaseLost()
    await effect(tx)
  })
}
// #endregion

function held({ id, attempts }: InboxEvent): SQL {
  return sql`id = ${id} and status = 'processing' and attempts = ${attempts}`
}

// #region inbox-fail
/** Back off with full jitter, or give up: after the last attempt, or at once when a retry cannot help. */
export async function fail(db: Queries, event: InboxEvent, reason: string, terminal = false) {
  const { rows } = await db.execute<{ status: 'pending' | 'dead'; delayMs: number }>(sql`
    update integration_events
    set status = case when attempts >= ${MAX_ATTEMPTS} or ${terminal} then 'dead' else 'pending' end,
      last_error = ${reason}, leased_until = null,
      next_attempt_at = now() + random() * least(interval '1 hour', interval '5 seconds' * power(2, attempts))
    where ${held(event)}
    returning status, (extract(epoch from next_attempt_at - now()) * 1000)::int as "delayMs"`)
  return rows[0]
}
// #endregion

/** Gives back what was claimed and not begun; the attempt does not count. */
export async function release(db: Queries, events: InboxEvent[]) {
  for (const event of events)
    await db.execute(sql`
      update integration_events
      set status = 'pending', attempts = attempts - 1, leased_until = null, next_attempt_at = now()
      where ${held(event)}`)
}

// #region inbox-sweep
/** Buries events whose last attempt ended with its worker: nobody was left to call `fail`. */
export async function sweep(db: Queries) {
  const { rows } = await db.execute<Pick<InboxEvent, 'source' | 'eventId'> & Record<string, unknown>>(sql`
    update integration_events set status = 'dead', leased_until = null, last_error = 'worker died'
    where status = 'processing' and attempts >= ${MAX_ATTEMPTS} and leased_until < now()
    returning source, event_id as "eventId"`)
  return rows
}
// #endregion

export interface Depth {
  source: Source
  depth: number
  dead: number
  /** Of the events that wait or run. */
  oldestSeconds: number | null
}

/** What is open, per source. Each half has a partial index; `status <> 'done'` would read the whole table. */
export async function measure(db: Queries): Promise<Depth[]> {
  const { rows } = await db.execute<Depth & Record<string, unknown>>(sql`
    select source,
      count(*) filter (where status <> 'dead')::int as depth,
      count(*) filter (where status = 'dead')::int as dead,
      extract(epoch from now() - min(received_at) filter (where status <> 'dead'))::float8 as "oldestSeconds"
    from (
      select source, status, received_at from integration_events where status in ('pending', 'processing')
      union all
      select source, status, received_at from integration_events where status = 'dead'
    ) as open
    group by source`)
  return rows
}
