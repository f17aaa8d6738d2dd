import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Server } from '../core/postgres.ts'

/** Run `work` on a new copy of the template with `count` sessions on it, which are ended afterwards. */
export async function withSessions<T>(
  server: Server, count: number, work: (...sessions: pg.Client[]) => Promise<T>,
): Promise<T> {
  return server.onCopy(async (first) => {
    const more = await Promise.all(Array.from({ length: count - 1 }, () => server.connect(first.database!)))
    try {
      return await work(first, ...more)
    } finally {
      for (const session of more) await session.end().catch(() => {})
    }
  })
}

/** The process id of a session. */
export async function pidOf(session: pg.Client): Promise<number> {
  return (await session.query('select pg_backend_pid() as pid')).rows[0].pid
}

/** Resolves once the session `pid` waits for a lock, as `watcher` sees it. */
export async function waitsForLock(watcher: pg.Client, pid: number): Promise<void> {
  const waiting = "select from pg_stat_activity where pid = $1 and wait_event_type = 'Lock'"
  while ((await watcher.query(waiting, [pid])).rowCount === 0) await sleep(10)
}

/** The SQLSTATE with which `sql` fails, or `'ok'`. */
export async function outcomeOf(session: pg.Client, sql: string): Promise<string> {
  return session.query(sql).then(() => 'ok', (error: { code?: string }) => error.code ?? String(error))
}
