import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readMigrationFiles } from 'drizzle-orm/migrator'
import { drizzle } from 'drizzle-orm/node-postgres'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import pg from 'pg'
import { isPooled } from './client'
import { sqlState } from './errors'

const FOLDER = join(import.meta.dir, '../../drizzle')
const LOCK = 727_001

interface Step {
  /** The file's name without `.sql`. */
  tag: string
  /** The journal's `when`; drizzle stores it as `created_at`. */
  when: number
  state: 'applied' | 'pending' | 'skipped' | 'edited'
}

/** One session of its own; not for a pooler. */
export async function connectDirect(url: string): Promise<pg.Client> {
  const client = new pg.Client({ connectionString: url, application_name: 'neondash-migrate' })
  client.on('error', () => {})
  await client.connect()
  return client
}

/** Each migration file and what the database knows of it. */
export async function status(client: pg.Client, folder = FOLDER): Promise<Step[]> {
  const journal = JSON.parse(await readFile(join(folder, 'meta/_journal.json'), 'utf8'))
  const tagOf = new Map<number, string>(
    journal.entries.map((e: { when: number; tag: string }) => [e.when, e.tag]),
  )
  const applied = await appliedMigrations(client)
  // #region migration-state
  const last = Math.max(...applied.keys())
  return readMigrationFiles({ migrationsFolder: folder }).map(({ folderMillis: when, hash }) => {
    const known = applied.get(when)
    const state = known === hash ? 'applied' : known ? 'edited' : when < last ? 'skipped' : 'pending'
    return { tag: tagOf.get(when) ?? String(when), when, state }
  })
  // #endregion
}

/** Applies all pending files in one transaction; refuses if one was edited, or would be skipped, after the fact. */
export async function up(client: pg.Client, folder = FOLDER): Promise<string[]> {
  return alone(client, async () => {
    const steps = await status(client, folder)
    refuse(steps)
    const pending = steps.filter((step) => step.state === 'pending').map((step) => step.tag)
    if (pending.length) await retryLocked(() => migrate(drizzle({ client }), { migrationsFolder: folder }))
    return pending
  })
}

/** Takes back the last `count` migrations, newest first, each by its file in `down/` and in its own transaction. */
export async function down(client: pg.Client, count: number, folder = FOLDER): Promise<string[]> {
  return alone(client, async () => {
    const steps = await status(client, folder)
    refuse(steps)
    const last = steps
      .filter((step) => step.state === 'applied')
      .slice(-count)
      .reverse()
    for (const step of last) {
      const statements = await readFile(join(folder, 'down', `${step.tag}.sql`), 'utf8')
      await retryLocked(() => takeBack(client, step, statements))
    }
    return last.map((step) => step.tag)
  })
}

async function takeBack(client: pg.Client, step: Step, statements: string) {
  await client.query('begin')
  try {
    await client.query(statements)
    if ((await appliedMigrations(client)).has(step.when))
      throw new Error(`down/${step.tag}.sql must delete its row from drizzle.__drizzle_migrations`)
    await client.query('commit')
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}

function refuse(steps: Step[]) {
  const wrong = steps.filter((step) => step.state === 'skipped' || step.state === 'edited')
  if (wrong.length) throw new Error(wrong.map((step) => `${step.tag} was ${step.state}`).join(', '))
}

async function appliedMigrations(client: pg.Client): Promise<Map<number, string>> {
  const {
    rows: [journal],
  } = await client.query("select to_regclass('drizzle.__drizzle_migrations') as name")
  if (!journal.name) return new Map()
  const { rows } = await client.query('select created_at, hash from drizzle.__drizzle_migrations')
  return new Map(rows.map((row) => [Number(row.created_at), row.hash]))
}

/** A second run fails at once instead of waiting: a waiting session would deadlock with CREATE INDEX CONCURRENTLY. */
async function alone<T>(client: pg.Client, work: () => Promise<T>): Promise<T> {
  const { rows } = await client.query('select pg_try_advisory_lock($1) as got', [LOCK])
  if (!rows[0].got) throw new Error('another migration is running')
  try {
    // A waiting ALTER blocks every query that comes after it.
    await client.query("set lock_timeout = '2s'")
    return await work()
  } finally {
    await client.query('select pg_advisory_unlock($1)', [LOCK]).catch(() => {})
  }
}

async function retryLocked<T>(work: () => Promise<T>, attempts = 8): Promise<T> {
  for (let attempt = 1; ; attempt++) {
    try {
      return await work()
    } catch (error) {
      if (sqlState(error) !== '55P03' || attempt === attempts) throw error
      await Bun.sleep(attempt * 1_000 * (1 + Math.random()))
    }
  }
}

const USAGE = 'usage: migrate.ts up | down <count> | status'

async function main([command, amount = '1']: string[]): Promise<number> {
  const count = Number(amount)
  if (!['up', 'down', 'status'].includes(command ?? '') || !Number.isInteger(count) || count < 1) {
    console.error(USAGE)
    return 2
  }
  const { DATABASE_URL, DIRECT_DATABASE_URL = DATABASE_URL } = process.env
  if (!DIRECT_DATABASE_URL || isPooled({ DATABASE_URL: DIRECT_DATABASE_URL })) {
    console.error(
      'DIRECT_DATABASE_URL: needed, migrations hold a session lock and must not go through a pooler',
    )
    return 1
  }
  const client = await connectDirect(DIRECT_DATABASE_URL)
  try {
    if (command === 'status')
      for (const { tag, state } of await status(client)) console.log(`${state}\t${tag}`)
    else
      for (const tag of command === 'up' ? await up(client) : await down(client, count))
        console.log(`${command}\t${tag}`)
    return 0
  } finally {
    await client.end()
  }
}

if (import.meta.main)
  process.exitCode = await main(process.argv.slice(2)).catch((error: Error) => {
    console.error(`${error.message}${error.cause instanceof Error ? `: ${error.cause.message}` : ''}`)
    return 1
  })
