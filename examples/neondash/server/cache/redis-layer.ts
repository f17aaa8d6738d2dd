import type { RedisClient } from 'bun'
import { Account, type AccountVersion } from '../auth/accounts'
import type { Deps } from '../deps'
import { withinRedis } from '../redis'

export const CHANNEL = 'session:invalidate'
const INVALIDATE_MS = 1_000

interface Options {
  ttlMs: number
  /** Longer than any load runs, so that none can finish after it. */
  tombstoneMs: number
}

// #region compare-and-set
/** Refuses an older version. A tombstone is an entry without data; DEL would forget the version. */
const PUT = `local known = redis.call('HGET', KEYS[1], 'v')
if known and tonumber(known) > tonumber(ARGV[1]) then return 0 end
redis.call('HSET', KEYS[1], 'v', ARGV[1], 'd', ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`
// #endregion

async function put(client: RedisClient, key: string, version: number, data: string, ttlMs: number) {
  return 1 === (await client.send('EVAL', [PUT, '1', key, String(version), data, String(ttlMs)]))
}

/** What all instances share. Never throws; `undefined` means that Redis is away or late. */
export function createRedisLayer(
  { redis, log, metrics }: Pick<Deps, 'redis' | 'log' | 'metrics'>,
  { ttlMs, tombstoneMs }: Options,
) {
  const failures = metrics.counter('neondash.cache_write_failed')
  let degraded = false

  /** Counts every failure; of fills only the first of an outage gets a line. */
  function observe(operation: 'fill' | 'invalidate', key: string, succeeded: boolean) {
    if (!succeeded) failures.add({ operation })
    if (!succeeded && (operation === 'invalidate' || !degraded))
      log.warn({ event: 'cache_write_failed', operation, key })
    if (succeeded && degraded) log.info({ event: 'cache_recovered' })
    degraded = !succeeded
  }

  return {
    async get(clerkId: string): Promise<AccountVersion | undefined> {
      return withinRedis(redis, async (client) => {
        const [version, data] = await client.hmget(keyOf(clerkId), ['v', 'd'])
        if (!version || !data) return undefined
        // Throws where another release wrote another shape, which is as good as nothing.
        return { version: Number(version), account: Account.nullable().parse(JSON.parse(data)) }
      })
    },

    /** False when Redis holds a newer version. */
    async put(clerkId: string, { version, account }: AccountVersion): Promise<boolean | undefined> {
      if (!redis) return undefined
      const key = keyOf(clerkId)
      const data = JSON.stringify(account)
      const stored = await withinRedis(redis, (client) => put(client, key, version, data, ttlMs))
      observe('fill', key, stored !== undefined)
      return stored
    },

    // #region invalidate-shared
    /** First the tombstone, then the message: who hears of it no longer finds the old entry. */
    async bury(clerkId: string, version: number): Promise<boolean> {
      if (!redis) return true
      const key = keyOf(clerkId)
      const message = JSON.stringify({ clerkId, version })
      const done = await withinRedis(
        redis,
        async (client) => {
          await put(client, key, version, '', tombstoneMs)
          await client.publish(CHANNEL, message)
          return true
        },
        INVALIDATE_MS,
      )
      observe('invalidate', key, done === true)
      return done === true
    },
    // #endregion
  }
}

/** A person's own account. The subject of a grant is never cached: a grant that ended has ended now. */
export function keyOf(clerkId: string): string {
  return `session:${clerkId}`
}
