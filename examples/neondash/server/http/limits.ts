import type { RedisClient } from 'bun'
import type { Context } from 'hono'
import { createMiddleware } from 'hono/factory'
import type { AppEnv, Deps } from '../deps'
import { withinRedis } from '../redis'
import { errorBody } from './errors'

const WINDOW_MS = 60_000
const MAX_LOCAL = 50_000

const TAKE = `local taken = redis.call('INCRBY', KEYS[1], ARGV[1])
if taken == tonumber(ARGV[1]) then redis.call('PEXPIRE', KEYS[1], ARGV[2]) end
return taken`

/** The cheapest refusal: before tokens are verified and bodies are read. */
export function limitByIp(deps: Deps) {
  const { PROXY_HOPS, IP_LIMIT_PER_MINUTE } = deps.env
  return limitBy(
    deps,
    'ip',
    IP_LIMIT_PER_MINUTE,
    (c) => clientIp(c, PROXY_HOPS),
    () => 1,
  )
}

/** Per person; a batch pays for each of its calls. */
export function limitByActor(deps: Deps) {
  const who = (c: Context<AppEnv>) => c.get('identity')?.actorClerkId
  return limitBy(deps, 'actor', deps.env.ACTOR_LIMIT_PER_MINUTE, who, callsIn)
}

function limitBy(
  { redis, clock, metrics }: Deps,
  name: string,
  limit: number,
  who: (c: Context<AppEnv>) => string | undefined,
  cost: (c: Context<AppEnv>) => number,
) {
  const refused = metrics.counter('neondash.limit.refused')
  const degraded = metrics.counter('neondash.limit.degraded')
  const local = createLocalWindow()

  return createMiddleware<AppEnv>(async function rateLimit(c, next) {
    const subject = who(c)
    if (subject === undefined) return next()
    const now = clock().getTime()
    const window = Math.floor(now / WINDOW_MS)
    const key = `limit:${name}:${subject}:${window}`
    const shared = await withinRedis(redis, (client) => takeShared(client, key, cost(c)))
    if (redis && shared === undefined) degraded.add({ limit: name })
    const taken = shared ?? local.take(window, key, cost(c))
    if (taken <= limit) return next()
    refused.add({ limit: name })
    c.header('retry-after', String(Math.ceil(((window + 1) * WINDOW_MS - now) / 1000)))
    return c.json(errorBody(c, 429, 'Too many requests'), 429)
  })
}

async function takeShared(redis: RedisClient, key: string, cost: number): Promise<number> {
  return Number(await redis.send('EVAL', [TAKE, '1', key, String(cost), String(WINDOW_MS)]))
}

/** Counts for one instance while there is no Redis; forgets everything with each new window. */
function createLocalWindow() {
  let current = 0
  const taken = new Map<string, number>()
  return {
    take(window: number, key: string, cost: number): number {
      if (window !== current || taken.size >= MAX_LOCAL) taken.clear()
      current = window
      const total = (taken.get(key) ?? 0) + cost
      taken.set(key, total)
      return total
    },
  }
}

/** The socket's address, or the entry of X-Forwarded-For that the outermost of our own proxies wrote. */
export function clientIp(c: Context<AppEnv>, proxyHops: number): string {
  const forwarded = c.req.header('x-forwarded-for')?.split(',').at(-proxyHops)
  if (proxyHops > 0 && forwarded) return forwarded.trim()
  return c.env?.server?.requestIP(c.req.raw)?.address ?? 'unknown'
}

/** tRPC takes `a,b` and `a%2Cb` for two calls. */
function callsIn(c: Context<AppEnv>): number {
  return new URL(c.req.url).pathname.split(/,|%2c/i).length
}
