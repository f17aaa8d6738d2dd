import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import type { Server } from '../core/postgres.ts'
import type { Way } from './cases.ts'
import { locksOf, oidsOf, strongest, type Locks } from '../fences/locks.ts'
import { startTraffic, type Waits } from './traffic.ts'

export interface Measured extends Waits {
  /** From the first to the last step, in ms. */
  total: number
  /** Strongest lock the change held on each table. */
  locks: Locks
  /** How often a step met its `lock_timeout`. */
  retries: number
}

export interface Setup {
  server: Server
  /** The database that each way gets a copy of. */
  template: string
  rows: number
}

let copies = 0

/** Make a change on a copy of the template, under traffic. Times in ms. Throws when a statement fails. */
export async function measureWay({ server, template, rows }: Setup, way: Way): Promise<Measured> {
  const database = `change_${++copies}`
  const admin = await server.connect('postgres')
  const opened: pg.Client[] = []
  const connect = async () => {
    const client = await server.connect(database)
    opened.push(client)
    return client
  }
  try {
    await admin.query(`create database ${database} template ${template} strategy file_copy`)
    const [session, watcher] = [await connect(), await connect()]
    const traffic = await startTraffic(() => server.connect(database), rows)
    await sleep(500)
    const reader = way.openReaderMs ? holdOpen(await connect(), way.openReaderMs) : undefined
    await reader?.reading
    traffic.reset()
    const changed = await change(session, watcher, way).finally(async () => reader?.done)
    await sleep(100)
    return { ...changed, ...await traffic.stop() }
  } finally {
    for (const client of opened) await client.end().catch(() => {})
    await admin.query(`drop database if exists ${database} with (force)`)
    await admin.end()
  }
}

async function change(session: pg.Client, watcher: pg.Client, way: Way) {
  const { rows: [own] } = await session.query('select pg_backend_pid() as pid')
  const tables = await oidsOf(watcher, ['leads', 'mentorados'])
  const locksNow = (client: pg.Client) => locksOf(client, own.pid, tables)
  const watch = watchLocks(() => locksNow(watcher))
  if (way.lockTimeoutMs) await session.query(`set lock_timeout = ${way.lockTimeoutMs}`)
  const started = performance.now()
  let locks: Locks = {}
  let retries = 0
  try {
    for (const step of way.steps) {
      for (;;) {
        try {
          locks = strongest(locks, await runStep(session, step, () => locksNow(session)))
          break
        } catch (error) {
          if ((error as { code?: string }).code !== '55P03') throw error
          retries++
          await sleep(500)
        }
      }
    }
  } finally {
    locks = strongest(locks, await watch.stop())
  }
  return { total: performance.now() - started, locks, retries }
}

/** Its locks are read before it commits: exact, where watching from outside would miss a short one. */
async function runStep(session: pg.Client, step: string, locksNow: () => Promise<Locks>): Promise<Locks> {
  if (/^do |\bconcurrently\b/.test(step)) {
    await session.query(step)
    return {}
  }
  await session.query('begin')
  try {
    await session.query(step)
    const locks = await locksNow()
    await session.query('commit')
    return locks
  } catch (error) {
    await session.query('rollback')
    throw error
  }
}

function watchLocks(locksNow: () => Promise<Locks>) {
  let running = true
  const watching = (async () => {
    let locks: Locks = {}
    do {
      locks = strongest(locks, await locksNow())
      await sleep(20)
    } while (running)
    return locks
  })()
  return {
    stop() {
      running = false
      return watching
    },
  }
}

/** A transaction that has read `leads` and stays open. */
function holdOpen(client: pg.Client, ms: number): { reading: Promise<unknown>; done: Promise<unknown> } {
  const reading = client.query('begin; select 1 from leads limit 1')
  return { reading, done: reading.then(() => sleep(ms)).then(() => client.query('commit')) }
}
