import type { RedisClient, Server } from 'bun'
import type { RequestIdVariables } from 'hono/request-id'
import { databaseSessions, type SessionSource } from './auth/accounts'
import type { Db } from './db/client'
import type { Env } from './env'
import { createLifecycle, type Lifecycle } from './lifecycle'
import type { Log } from './log'
import { createMetrics, type Metrics } from './metrics'
import { type AgendaBus, createAgendaBus } from './sse/bus'

/** Everything a module may use. Passed as an argument, so that one process can hold several instances. */
export interface Deps {
  env: Env
  db: Db
  redis: RedisClient | null
  log: Log
  metrics: Metrics
  lifecycle: Lifecycle
  /** Where accounts of signed-in people are read: the database, or a cache before it. */
  sessionSource: SessionSource
  agendaBus: AgendaBus
  /** Wakes loops of this process before their next poll. */
  signals: EventTarget
  clock: () => Date
}

export type Needed = Pick<Deps, 'env' | 'db' | 'redis' | 'log'> & Partial<Deps>

/** Fills in what a caller did not bring. */
export function completeDeps(needed: Needed): Deps {
  const lifecycle = needed.lifecycle ?? createLifecycle({ log: needed.log })
  const metrics = needed.metrics ?? createMetrics()
  return {
    metrics,
    lifecycle,
    sessionSource: databaseSessions(needed.db),
    agendaBus: needed.agendaBus ?? createAgendaBus({ ...needed, lifecycle, metrics }),
    signals: new EventTarget(),
    clock: () => new Date(),
    ...needed,
  }
}

/** Who the token names; `actorClerkId` differs from `clerkId` under Clerk's own impersonation. */
export type Identity = { clerkId: string; actorClerkId: string } | null

export interface AppEnv {
  Bindings: { server?: Pick<Server<unknown>, 'requestIP' | 'timeout'> }
  Variables: RequestIdVariables & {
    /** Carries the request id on every line. */
    log: Log
    /** Aborts when the client leaves or the request is over time. */
    signal: AbortSignal
    identity: Identity
  }
}
