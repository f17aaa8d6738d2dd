import { afterAll, describe, expect, test } from 'bun:test'
import { join } from 'node:path'
import { neonConfig } from '@neondatabase/serverless'
import { eq, sql } from 'drizzle-orm'
import { migrate } from 'drizzle-orm/pglite/migrator'
import { users } from '../../drizzle/schema'
import { startNeonProxy } from '../../test/neon-proxy'
import { testEnv, withDatabase } from '../../test/start'
import { DatabaseEnv } from '../env'
import { createLog } from '../log'
import {
  type Database,
  type HttpDb,
  type InteractiveDatabase,
  isPooled,
  openDatabase,
  type Queries,
} from './client'
import { constraintOf, failureOf, sqlState } from './errors'

const { url, directUrl, connect, env: suite } = await withDatabase()
const { hostname, port } = new URL(directUrl)
const proxy = startNeonProxy({ host: hostname, port: Number(port) })
proxy.configure(neonConfig)
const lines: { event: string; errorCode?: string }[] = []
const log = createLog({ write: (line) => lines.push(JSON.parse(line)) })

const envOf = (driver: string, more: Record<string, unknown> = {}) =>
  DatabaseEnv.parse({
    ...more,
    DATABASE_DRIVER: driver,
    DATABASE_URL: driver === 'pg' ? url : driver === 'pglite' ? 'memory://' : directUrl,
    ...(driver === 'pg' && suite.DATABASE_POOLED && { DATABASE_POOLED: 'true' }),
  })
const opened: Record<string, Database> = {}
for (const driver of ['pg', 'neon-websocket', 'neon-http', 'pglite'])
  opened[driver] = await openDatabase(envOf(driver), log)
await migrate(opened.pglite?.db as never, { migrationsFolder: join(import.meta.dir, '../../drizzle') })
afterAll(async () => {
  for (const database of Object.values(opened)) await database.close()
  await proxy.stop()
})

const interactive = Object.entries(opened).filter(([driver]) => driver !== 'neon-http') as [
  string,
  InteractiveDatabase,
][]
const person = (name: string) => ({ clerkId: `user_${name}`, email: `${name}@example.com` })

describe.each(Object.entries(opened))('%s', (driver, { db }) => {
  const queries = db as Queries

  test('keeps numbers, dates and microseconds', async () => {
    const [row] = await queries.insert(users).values(person(driver)).returning()
    expect(row).toMatchObject({ id: expect.any(Number), createdAt: expect.any(Date), role: 'pending' })
    expect(row?.updatedAt).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(\.\d+)?\+00$/)
    const again = await queries
      .select({ id: users.id })
      .from(users)
      .where(eq(users.updatedAt, row!.updatedAt))
    expect(again).toEqual([{ id: row!.id }])
  })

  test('every update raises the version', async () => {
    const set = () =>
      queries
        .update(users)
        .set({ role: 'mentor' })
        .where(eq(users.clerkId, `user_${driver}`))
        .returning()
    const [[first], [second]] = [await set(), await set()]
    expect(second!.updatedAt > first!.updatedAt).toBe(true)
  })

  test('execute() resolves to rows', async () => {
    const { rows } = await queries.execute<{ n: number }>(sql`select 7 as n`)
    expect(rows).toEqual([{ n: 7 }])
  })

  test('a broken constraint is found in the cause chain', async () => {
    const error = await queries
      .insert(users)
      .values(person(driver))
      .catch((e: unknown) => e)
    expect([sqlState(error), failureOf(error)]).toEqual(['23505', 'conflict'])
    expect(constraintOf(error)).toBe('users_clerk_id_key')
  })
})

describe.each(interactive)('%s has interactive transactions', (driver, { db }) => {
  test('a throw takes everything back', async () => {
    const work = db.transaction(async (tx) => {
      const [row] = await tx
        .insert(users)
        .values(person(`${driver}_lost`))
        .returning()
      await tx.update(users).set({ role: 'admin' }).where(eq(users.id, row!.id))
      throw new Error('no')
    })
    await expect(work).rejects.toThrow('no')
    expect(await db.$count(users, eq(users.clerkId, `user_${driver}_lost`))).toBe(0)
  })
})

test('neon-http has batch instead: all or nothing, and its errors carry their code at the top', async () => {
  const db = opened['neon-http']!.db as HttpDb
  const add = (name: string) => db.insert(users).values(person(name))
  await db.batch([add('batch_1'), add('batch_2')])
  const error = await db.batch([add('batch_3'), add('batch_1')]).catch((e: unknown) => e)
  expect(sqlState(error)).toBe('23505')
  expect(await db.$count(users, sql`${users.clerkId} like 'user_batch%'`)).toBe(2)
})

test('both of Neon’s doors were used', () => {
  expect(proxy.stats.http).toBeGreaterThan(5)
  expect(proxy.stats.webSocket).toBeGreaterThan(0)
})

test('a query over HTTP ends at its timeout, and the next one has its own', async () => {
  const database = await openDatabase(envOf('neon-http', { STATEMENT_TIMEOUT_MS: '200' }), log)
  const ask = async () => (database.db as HttpDb).execute(sql`select 1`)
  await ask()
  await Bun.sleep(250)
  await ask()
  proxy.delay(600)
  await expect(ask()).rejects.toThrow()
  proxy.delay(0)
  await ask()
})

test.each(['pg', 'neon-websocket'])(
  '%s survives a restart of the server, idle and checked out',
  async (driver) => {
    const { db } = opened[driver] as InteractiveDatabase
    const admin = await connect()
    const end = async () => {
      await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`)
      await Bun.sleep(100)
    }
    lines.length = 0
    await db.execute(sql`select 1`)
    await end()
    const work = db.transaction(async (tx) => {
      await tx.execute(sql`select 1`)
      await end()
      await tx.execute(sql`select 1`)
    })
    await expect(work).rejects.toThrow()
    expect((await db.execute<{ n: number }>(sql`select 1 as n`)).rows).toEqual([{ n: 1 }])
    expect(lines.map((line) => line.event)).toContain('database_connection_lost')
  },
)

test('a statement ends at its timeout on a session of its own', async () => {
  const direct = DatabaseEnv.parse({ DATABASE_URL: directUrl, STATEMENT_TIMEOUT_MS: '100' })
  const { db, close } = await openDatabase(direct, log)
  const error = await db.execute(sql`select pg_sleep(5)`).catch((e: unknown) => e)
  expect(failureOf(error)).toBe('timeout')
  await close()
})

test('a pool that is full refuses instead of waiting forever', async () => {
  const env = { ...envOf('pg'), DATABASE_POOL_MAX: 1, CONNECT_TIMEOUT_MS: 100 }
  const { db, close } = (await openDatabase(env, log)) as InteractiveDatabase
  await db.transaction(async () => {
    await expect(db.execute(sql`select 1`).catch((e) => Promise.reject(e.cause))).rejects.toThrow(/timeout/)
  })
  await close()
})

test('a pooled URL is known by its host name or said to be one', () => {
  const at = (host: string, pooled?: boolean) =>
    isPooled({ DATABASE_URL: `postgres://u:p@${host}/d`, DATABASE_POOLED: pooled })
  expect(at('ep-cool-1-pooler.eu-central-1.aws.neon.tech')).toBe(true)
  expect(at('ep-cool-1.eu-central-1.aws.neon.tech')).toBe(false)
  expect(at('127.0.0.1', true)).toBe(true)
  expect(testEnv().DATABASE_POOLED).toBeUndefined()
})
