import { sql } from 'drizzle-orm'
import { createApp } from './app'
import { openSessionCache } from './cache/session-cache'
import { type InteractiveDatabase, openDatabase } from './db/client'
import { completeDeps, type Deps } from './deps'
import { type Env, readEnv } from './env'
import { dailyDigest } from './jobs/digest'
import { webhookRetention } from './jobs/retention'
import { startScheduler } from './jobs/scheduler'
import { createLifecycle } from './lifecycle'
import { createLog, type Log } from './log'
import { createMetrics, watchProcess } from './metrics'
import { startDispatcher } from './outbound/outbox'
import { createTopics } from './outbound/topics'
import { openRedis } from './redis'
import { createWebhookWorker } from './webhooks/worker'

/** Starts one instance and resolves when it serves; `shutdown` ends the process. */
export async function start(
  env: Env,
  open: (env: Env, log: Log) => Promise<InteractiveDatabase> = openDatabase,
) {
  const log = createLog({ level: env.LOG_LEVEL })
  const lifecycle = createLifecycle({ log, drainMs: env.DRAIN_MS, stopMs: env.STOP_MS })
  const metrics = createMetrics()
  const database = await open(env, log)
  const redis = env.REDIS_URL ? await openRedis(env.REDIS_URL, log) : null
  const uncached = completeDeps({ env, db: database.db, redis, log, metrics, lifecycle })
  const deps = { ...uncached, sessionSource: await openSessionCache(uncached) }
  const app = createApp(deps)

  // #region serve
  const server = Bun.serve({
    port: env.PORT,
    // Longer than the request's own deadline; streams send something more often than this.
    idleTimeout: 30,
    // Above every bodyLimit: Bun's own 413 has no body, no request id and no CORS headers.
    maxRequestBodySize: 8_000_000,
    development: false,
    fetch: (request, server) => app.fetch(request, { server }),
    error: () =>
      Response.json({ error: { code: 'INTERNAL_SERVER_ERROR', message: 'Internal error' } }, { status: 500 }),
  })

  lifecycle.onDrain('http', () => server.stop())
  lifecycle.onClose('http', () => server.stop(true))
  // #endregion
  lifecycle.onClose('database', () => database.close())
  lifecycle.onClose('redis', () => redis?.close())
  watchProcess(metrics)
  watchPool(database, metrics)
  await warnWithoutTimeout(deps)
  lifecycle.markReady()
  log.info({ event: 'listening', port: server.port, driver: database.driver })

  // #region signals
  let ending = false
  async function shutdown(cause: string, code = 0) {
    if (ending) return
    ending = true
    setTimeout(() => process.exit(1), env.DRAIN_MS + env.STOP_MS + 5_000).unref()
    const clean = await lifecycle.shutdown(cause)
    process.exit(clean ? code : 1)
  }
  process.on('SIGTERM', () => shutdown('SIGTERM'))
  process.on('SIGINT', () => shutdown('SIGINT'))
  process.on('unhandledRejection', (error) => {
    log.error({ event: 'unhandled_rejection', error })
    shutdown('unhandled_rejection', 1)
  })
  // #endregion
  // After the handlers: a signal must find workers that can be stopped.
  startWorkers(deps)
  return { deps, server }
}

/** Work without a request. Each one stops taking work in `lifecycle.onDrain`. */
function startWorkers(deps: Deps) {
  const { env, lifecycle } = deps
  if (env.WORKERS_ENABLED) {
    const worker = createWebhookWorker(deps)
    worker.start()
    lifecycle.onDrain('webhook worker', () => worker.stop())
    const dispatcher = startDispatcher(deps, createTopics(deps))
    lifecycle.onDrain('outbox dispatcher', () => dispatcher.stop())
  }
  if (env.SCHEDULER_ENABLED) {
    const scheduler = startScheduler(deps, [dailyDigest, webhookRetention(env.WEBHOOK_RETENTION_DAYS)])
    lifecycle.onDrain('scheduler', () => scheduler.stop())
  }
}

function watchPool({ pool }: InteractiveDatabase, metrics: Deps['metrics']) {
  if (!pool) return
  metrics.gauge('db.client.connection.count', '1', () => pool.idleCount, { state: 'idle' })
  metrics.gauge('db.client.connection.count', '1', () => pool.totalCount - pool.idleCount, { state: 'used' })
  metrics.gauge('db.client.connection.pending_requests', '1', () => pool.waitingCount)
}

/** Through a pooler only the role can carry the timeout; a database that is away is readiness' concern. */
async function warnWithoutTimeout({ db, log, env }: Deps) {
  if (env.DATABASE_DRIVER === 'pglite') return
  const shown = await db.execute<{ statement_timeout: string }>(sql`show statement_timeout`).catch(() => null)
  if (shown?.rows[0]?.statement_timeout === '0') log.warn({ event: 'statement_timeout_unset' })
}

if (import.meta.main) await start(readEnv())
