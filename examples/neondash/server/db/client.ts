import { Pool as NeonPool, neon, neonConfig } from '@neondatabase/serverless'
import { drizzle as drizzleNeonHttp, type NeonHttpDatabase } from 'drizzle-orm/neon-http'
import { drizzle as drizzleNeonPool } from 'drizzle-orm/neon-serverless'
import { drizzle as drizzlePg } from 'drizzle-orm/node-postgres'
import type { PgDatabase, PgQueryResultHKT } from 'drizzle-orm/pg-core'
import pg from 'pg'
import * as relations from '../../drizzle/relations'
import * as tables from '../../drizzle/schema'
import type { DatabaseEnv } from '../env'
import type { Log } from '../log'

const schema = { ...tables, ...relations }
export type Schema = typeof schema

/** What all four drivers agree on: `execute()` resolves to `{ rows }`. */
interface Rows<T> {
  rows: T[]
}
interface RowsResult extends PgQueryResultHKT {
  type: Rows<this['row']>
}

/** A database with interactive transactions: `pg`, `neon-websocket`, `pglite`. */
export type Db = PgDatabase<RowsResult, Schema>
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0]
/** For services made of single statements: a `Db`, a `Tx` and neon-http all fit. */
export type Queries = Omit<Db, 'transaction' | '_'>
/** Neon over HTTP: one request per statement; `batch([...])` is its only atomicity. */
export type HttpDb = Omit<NeonHttpDatabase<Schema>, 'transaction'>

interface Common {
  close(): Promise<void>
  /** Connections in use or waited for; PGlite and neon-http have none. */
  pool?: { readonly totalCount: number; readonly idleCount: number; readonly waitingCount: number }
}
type InteractiveDriver = 'pg' | 'neon-websocket' | 'pglite'
export type InteractiveDatabase = Common & { driver: InteractiveDriver; db: Db }
export type Database = InteractiveDatabase | (Common & { driver: 'neon-http'; db: HttpDb })

/** Opens the driver that `DATABASE_DRIVER` names. Connects on first use. */
export async function openDatabase(
  env: DatabaseEnv & { DATABASE_DRIVER: InteractiveDriver },
  log: Log,
): Promise<InteractiveDatabase>
export async function openDatabase(env: DatabaseEnv, log: Log): Promise<Database>
export async function openDatabase(env: DatabaseEnv, log: Log): Promise<Database> {
  switch (env.DATABASE_DRIVER) {
    case 'pg': {
      const pool = watch(new pg.Pool(poolOptions(env)), log)
      return {
        driver: 'pg',
        db: drizzlePg({ client: pool, schema }) as unknown as Db,
        pool,
        close: () => pool.end(),
      }
    }
    case 'neon-websocket': {
      const pool = watch(new NeonPool(poolOptions(env)), log)
      const db = drizzleNeonPool({ client: pool, schema }) as unknown as Db
      return { driver: 'neon-websocket', db, pool, close: () => pool.end() }
    }
    case 'neon-http': {
      // The driver has no timeout of its own; a signal in its options would be shared by all queries.
      neonConfig.fetchFunction = (url: string, init: RequestInit) =>
        fetch(url, { ...init, signal: AbortSignal.timeout(env.STATEMENT_TIMEOUT_MS) })
      const db = drizzleNeonHttp({ client: neon(env.DATABASE_URL), schema })
      return { driver: 'neon-http', db, close: async () => {} }
    }
    case 'pglite': {
      // Loaded on demand: a deployment without development dependencies has no PGlite.
      const [{ PGlite }, { drizzle }] = await Promise.all([
        import('@electric-sql/pglite'),
        import('drizzle-orm/pglite'),
      ])
      const client = await PGlite.create(env.DATABASE_URL)
      const db = drizzle({ client, schema }) as unknown as Db
      return { driver: 'pglite', db, close: () => client.close() }
    }
  }
}

/** Through a transaction pooler there is no session: no SET, LISTEN, session lock or startup parameter. */
export function isPooled({
  DATABASE_POOLED,
  DATABASE_URL,
}: Pick<DatabaseEnv, 'DATABASE_URL'> & Partial<DatabaseEnv>): boolean {
  return DATABASE_POOLED ?? /^[^.]*-pooler(\.|$)/.test(new URL(DATABASE_URL).hostname)
}

function poolOptions(env: DatabaseEnv) {
  return {
    connectionString: env.DATABASE_URL,
    application_name: 'neondash',
    max: env.DATABASE_POOL_MAX,
    connectionTimeoutMillis: env.CONNECT_TIMEOUT_MS,
    keepAlive: true,
    // A pooler refuses startup parameters (08P01): there the role carries it, `alter role … set statement_timeout`.
    ...(isPooled(env) ? {} : { statement_timeout: env.STATEMENT_TIMEOUT_MS }),
    // Ends the wait for a server that is gone; the server's own timeout comes first.
    query_timeout: env.STATEMENT_TIMEOUT_MS + 2_000,
  }
}

interface Emitter {
  on(event: 'error', listener: (error: Error) => void): unknown
}
interface WatchedPool extends Emitter {
  on(event: 'connect', listener: (client: Emitter) => void): unknown
  on(event: 'error', listener: (error: Error) => void): unknown
}

/** A restarting server ends idle clients (reported on the pool) and busy ones (on the client): both must be heard. */
function watch<P extends WatchedPool>(pool: P, log: Log): P {
  // #region watch-pool
  const lost = (error: Error) => log.warn({ event: 'database_connection_lost', error })
  pool.on('error', lost)
  pool.on('connect', (client) => client.on('error', lost))
  // #endregion
  return pool
}
