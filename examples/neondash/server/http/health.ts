import { sql } from 'drizzle-orm'
import { Hono } from 'hono'
import { bearerAuth } from 'hono/bearer-auth'
import type { AppEnv, Deps } from '../deps'
import { withinRedis } from '../redis'

const CHECK_EVERY_MS = 5_000
const CHECK_TIMEOUT_MS = 2_000

/** `/health/live`, `/health/ready`; for operators `/health/deps` and `/metrics`. */
export function healthRoutes(deps: Deps) {
  const { env, lifecycle, metrics } = deps
  const database = createDatabaseCheck(deps)
  const routes = new Hono<AppEnv>()

  // No I/O: a process that answers is alive, and restarting it would not mend a database.
  routes.get('/health/live', (c) => c.body(null, 204))

  routes.get('/health/ready', async (c) => {
    const databaseUp = await database.isUp()
    const ready = lifecycle.ready && databaseUp
    const state = {
      ready,
      draining: lifecycle.draining.aborted || lifecycle.stopping,
      database: databaseUp ? 'up' : 'down',
      redis: await redisState(deps),
    }
    return c.json(state, ready ? 200 : 503, { 'cache-control': 'no-store' })
  })

  if (env.OPERATOR_TOKEN) {
    const operator = bearerAuth({ token: env.OPERATOR_TOKEN })
    routes.get('/health/deps', operator, async (c) => {
      const [databaseUp, redis] = await Promise.all([database.ask(), redisState(deps)])
      return c.json({ database: databaseUp ? 'up' : 'down', redis }, databaseUp ? 200 : 503)
    })
    routes.get('/metrics', operator, async (c) => c.text(await metrics.text()))
  }
  return routes
}

/** Redis away is degraded, not unready: everything works without it. */
async function redisState({ redis }: Deps): Promise<'up' | 'down' | 'off'> {
  if (!redis) return 'off'
  const answer = await withinRedis(redis, (client) => client.ping(), 500)
  return answer === 'PONG' ? 'up' : 'down'
}

/**
 * Probes come every few seconds, also at night, and each query keeps a Neon compute awake. So a good answer stands
 * until the instance has served requests again, and is asked for at most every five seconds.
 */
function createDatabaseCheck({ db, clock, log, metrics }: Deps) {
  const requests = metrics.counter('http.server.requests')
  let last = { up: false, at: Number.NEGATIVE_INFINITY, requests: -1 }
  let running: Promise<boolean> | undefined

  async function query(): Promise<boolean> {
    const served = requests.total()
    const late = Bun.sleep(CHECK_TIMEOUT_MS).then(() => Promise.reject(new Error('timeout')))
    const up = await Promise.race([db.execute(sql`select 1`), late]).then(
      () => true,
      (error) => {
        log.warn({ event: 'database_check_failed', error })
        return false
      },
    )
    last = { up, at: clock().getTime(), requests: served }
    return up
  }

  function ask(): Promise<boolean> {
    running ??= query().finally(() => {
      running = undefined
    })
    return running
  }

  return {
    ask,
    isUp(): boolean | Promise<boolean> {
      const fresh = clock().getTime() - last.at < CHECK_EVERY_MS
      const idle = last.up && requests.total() === last.requests
      return fresh || idle ? last.up : ask()
    },
  }
}
