import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { locksOf, oidsOf, type LockMode } from './locks.ts'
import type { Server } from '../core/postgres.ts'

/** What a statement does to one table. */
export interface Effect {
  /** The strongest lock; none if the table is new, or not touched. */
  mode?: LockMode
  does: 'instant' | 'scan' | 'rewrite'
}

/**
 * Run `statements` in a transaction that is rolled back and tell what they did to each of `tables`. A scan is a
 * sequential read of at least one row, as the session's own statistics count it; a rewrite is a new file.
 */
export async function effectsOf(
  client: pg.Client, statements: string[], tables: string[],
): Promise<Record<string, Effect>> {
  await client.query('begin')
  try {
    const oids = await oidsOf(client, tables)
    const before = await stateOf(client, oids)
    for (const statement of statements) await client.query(statement)
    const { rows: [own] } = await client.query('select pg_backend_pid() as pid')
    const locks = await locksOf(client, own.pid, oids)
    const after = await stateOf(client, oids)
    return Object.fromEntries(tables.map((table) => {
      const [was, is] = [before.get(oids.get(table)), after.get(oids.get(table))]
      const does = is && is.file !== was?.file ? 'rewrite' : is && is.read !== was?.read ? 'scan' : 'instant'
      const mode = locks[table]
      return [table, { ...(mode && { mode }), does }]
    }))
  } finally {
    await client.query('rollback')
  }
}

async function stateOf(client: pg.Client, oids: Map<string, number>) {
  const { rows } = await client.query(`
    select relid, pg_relation_filenode(relid) as file, seq_tup_read as read
    from pg_stat_xact_user_tables where relid = any ($1)`, [[...oids.values()]])
  return new Map<number | undefined, { file: number; read: string }>(rows.map((row) => [row.relid, row]))
}

/**
 * The strongest lock that `statement`, which refuses to run in a transaction, has on `leads` while it waits for a
 * writer, and what others can do meanwhile. `client` is connected to the database where that happens.
 */
export async function whileConcurrent(server: Server, client: pg.Client, statement: string) {
  const { rows: [own] } = await client.query('select pg_backend_pid() as pid')
  const [writer, other] = await Promise.all([server.connect(client.database!), server.connect(client.database!)])
  try {
    await writer.query('begin; update leads set name = name where id = 1')
    const leads = await oidsOf(other, ['leads'])
    const done = client.query(statement)
    let mode: LockMode | undefined
    while (!mode) {
      await sleep(10)
      mode = (await locksOf(other, own.pid, leads)).leads
    }
    const blocked = await blockedBy(other)
    await writer.query('commit')
    await done
    return { mode, blocked }
  } finally {
    await writer.end()
    await other.end()
  }
}

/** Which of a read and a write of one row of `leads` fails within 150 ms on a lock. */
export async function blockedBy(client: pg.Client): Promise<('reads' | 'writes')[]> {
  const blocked: ('reads' | 'writes')[] = []
  for (const [what, sql] of [
    ['reads', 'select from leads where id = 2'], ['writes', 'update leads set name = name where id = 2'],
  ] as const) {
    await client.query("set lock_timeout = '150ms'")
    await client.query(sql).catch((error) => {
      if (error.code !== '55P03') throw error
      blocked.push(what)
    })
  }
  return blocked
}
