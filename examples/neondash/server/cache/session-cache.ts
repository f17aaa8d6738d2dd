import { z } from 'zod'
import { type Account, type AccountVersion, readAccount, type SessionSource } from '../auth/accounts'
import type { Queries } from '../db/client'
import type { Deps } from '../deps'
import { subscribe } from '../redis'
import { createLocalLayer } from './local-layer'
import { CHANNEL, createRedisLayer, keyOf } from './redis-layer'

type Needed = Pick<Deps, 'redis' | 'log' | 'metrics' | 'lifecycle' | 'clock'> & { db: Queries }

/**
 * `localTtlMs` is the promise: so long a change may stay unseen where its message got lost. While an
 * invalidation waits for Redis to come back, `redisTtlMs` adds to it.
 */
const LIMITS = { localTtlMs: 5_000, redisTtlMs: 60_000, tombstoneMs: 120_000, maxLocal: 10_000 }

const Invalidation = z.object({ clerkId: z.string(), version: z.int() })

/** Accounts from this process, else from Redis, else from the database. Works without Redis, slower. */
export async function openSessionCache(
  deps: Needed,
  limits: Partial<typeof LIMITS> = {},
): Promise<SessionSource> {
  const { db, redis, log, metrics, lifecycle, clock } = deps
  const { localTtlMs, redisTtlMs, tombstoneMs, maxLocal } = { ...LIMITS, ...limits }
  const local = createLocalLayer({ max: maxLocal, ttlMs: localTtlMs, now: () => clock().getTime() })
  const shared = createRedisLayer(deps, { ttlMs: redisTtlMs, tombstoneMs })
  const loads = new Map<string, Promise<AccountVersion>>()
  const reads = metrics.counter('neondash.session_cache.reads')
  const divergences = metrics.counter('neondash.cache_layer_divergence')
  metrics.gauge('neondash.session_cache.entries', '1', local.size)

  /** `layer` is the one that was behind. */
  function diverged(layer: 'local' | 'redis', clerkId: string, version: number) {
    divergences.add({ layer })
    log.warn({ event: 'cache_layer_divergence', layer, key: keyOf(clerkId), version })
  }

  // #region cache-read
  /** Concurrent requests for one person share a load. A hit does not touch the database. */
  async function load(clerkId: string): Promise<Account | null> {
    const known = local.get(clerkId)
    if (known) {
      reads.add({ from: 'local' })
      return known.account
    }
    const running =
      loads.get(clerkId) ??
      refill(clerkId).finally(() => {
        if (loads.get(clerkId) === running) loads.delete(clerkId)
      })
    loads.set(clerkId, running)
    return (await running).account
  }

  async function refill(clerkId: string): Promise<AccountVersion> {
    const found = await shared.get(clerkId)
    if (!found) return reread(clerkId)
    if (!local.put(clerkId, found)) {
      diverged('redis', clerkId, found.version)
      return reread(clerkId)
    }
    reads.add({ from: 'redis' })
    return found
  }
  // #endregion

  // #region cache-fill
  /** Fills both layers, unless an invalidation overtook it; with somebody unknown only this one, briefly. */
  async function reread(clerkId: string): Promise<AccountVersion> {
    const read = await readAccount(db, clerkId)
    reads.add({ from: 'database' })
    if (!local.put(clerkId, read) || read.version === 0) return read
    if ((await shared.put(clerkId, read)) === false) {
      local.bury(clerkId, read.version)
      diverged('local', clerkId, read.version)
    }
    return read
  }
  // #endregion

  // #region cache-invalidate
  /** The running load is forgotten as well: whoever asks from now on must not join it. */
  function bury(clerkId: string, version: number) {
    local.bury(clerkId, version)
    loads.delete(clerkId)
  }

  async function invalidate(clerkId: string, version: number) {
    bury(clerkId, version)
    if (!(await shared.bury(clerkId, version))) throw new Error('Redis does not know of the change yet')
  }
  // #endregion

  if (redis) {
    const subscription = await subscribe(redis, CHANNEL, log, {
      message(text) {
        const { clerkId, version } = Invalidation.parse(JSON.parse(text))
        bury(clerkId, version)
      },
      missed: local.expireAll,
    })
    lifecycle.onClose('session cache', () => subscription.close())
  }

  return { load, fresh: async (clerkId) => (await reread(clerkId)).account, invalidate }
}
