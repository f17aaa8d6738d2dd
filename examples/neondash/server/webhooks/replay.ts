import { parseArgs } from 'node:util'
import { eq, type SQL, sql } from 'drizzle-orm'
import { auditLog, integrationEvents, users } from '../../drizzle/schema'
import { isStaff } from '../../shared/roles'
import { type Db, openDatabase } from '../db/client'
import { readEnv } from '../env'
import { createLog } from '../log'
import { SOURCES, type Source } from './inbox'

export interface Selection {
  source: Source
  type?: string
  eventId?: string
  /** `done` runs effects again: they must be idempotent, as ours are. */
  status: 'dead' | 'done'
}

/** How many events `replay` would take. */
export function countReplayable(db: Db, selection: Selection): Promise<number> {
  return db.$count(integrationEvents, matching(selection))
}

// #region inbox-replay
/** Gives events all their attempts again; the audit row is part of it. */
export async function replay(db: Db, selection: Selection, actorEmail: string): Promise<number> {
  return db.transaction(async (tx) => {
    const actors = await tx
      .select({ id: users.id, role: users.role })
      .from(users)
      .where(sql`${users.email} = ${actorEmail} and ${users.deletedAt} is null`)
    const actor = actors.find(({ role }) => isStaff(role))
    if (!actor) throw new Error(`${actorEmail} is no admin or mentor`)
    const events = await tx
      .update(integrationEvents)
      .set({ status: 'pending', attempts: 0, nextAttemptAt: sql`now()` })
      .where(matching(selection))
      .returning({ id: integrationEvents.id })
    const detail = { ...selection, count: events.length }
    await tx.insert(auditLog).values({ actorUserId: actor.id, action: 'webhooks.replay', detail })
    return events.length
  })
}
// #endregion

/** Events whose body has passed its retention have nothing left to process. */
function matching({ source, type, eventId, status }: Selection): SQL {
  const t = integrationEvents
  const conditions = [eq(t.source, source), eq(t.status, status), sql`${t.payload} <> 'null'`]
  if (type !== undefined) conditions.push(eq(t.type, type))
  if (eventId !== undefined) conditions.push(eq(t.eventId, eventId))
  return sql.join(conditions, sql` and `)
}

const USAGE = `usage: webhooks:replay --source ${SOURCES.join('|')} [--type T] [--event ID] [--status dead|done]
       --write --actor EMAIL

Counts the events that would be processed again; --write does it and records who did.
  bun run webhooks:replay --source clerk --type user.updated --status dead
  bun run webhooks:replay --source clerk --type user.updated --write --actor admin@example.com`

const options = {
  source: { type: 'string' },
  type: { type: 'string' },
  event: { type: 'string' },
  status: { type: 'string', default: 'dead' },
  write: { type: 'boolean', default: false },
  actor: { type: 'string' },
  help: { type: 'boolean', default: false },
} as const

/** Exit code: 0 done, 1 could not, 2 wrong usage. */
async function main(args: string[]): Promise<number> {
  const { values } = parseArgs({ args, options })
  const { source, type, event: eventId, status, write, actor, help } = values
  if (help) return say(USAGE, 0)
  if (!isSource(source) || !(status === 'dead' || status === 'done') || (write && !actor))
    return say(USAGE, 2)
  const database = await openDatabase(readEnv(), createLog({ level: 'error' }))
  try {
    const selection = { source, type, eventId, status } as const
    if (!write || !actor)
      return say(`${await countReplayable(database.db, selection)} would be replayed; --write does it`, 0)
    return say(`${await replay(database.db, selection, actor)} replayed`, 0)
  } finally {
    await database.close()
  }
}

function isSource(source: string | undefined): source is Source {
  return SOURCES.some((known) => known === source)
}

function say(text: string, code: number): number {
  if (code === 0) console.log(text)
  else console.error(text)
  return code
}

if (import.meta.main)
  process.exitCode = await main(process.argv.slice(2)).catch((error: Error & { code?: string }) => {
    if (error.code?.startsWith('ERR_PARSE_ARGS')) return say(`${error.message}\n\n${USAGE}`, 2)
    // A failed query's own message holds its parameters.
    return say(error.cause instanceof Error ? error.cause.message : error.message, 1)
  })
