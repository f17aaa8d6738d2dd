import { afterAll } from 'bun:test'
import type { RedisClient } from 'bun'
import { eq } from 'drizzle-orm'
import { users } from '../drizzle/schema'
import { readAccount } from '../server/auth/accounts'
import { openSessionCache } from '../server/cache/session-cache'
import type { Db, Queries } from '../server/db/client'
import type { Role } from '../shared/roles'
import { testDeps } from './start'

/** One instance's cache with a clock that stands still, and what it did to the database. */
export async function openCache(
  db: Queries,
  redis: RedisClient | null,
  limits: Parameters<typeof openSessionCache>[1] = {},
) {
  let now = Date.now()
  let queries = 0
  const counted: Db = Object.assign(Object.create(db), {
    select(...columns: Parameters<Db['select']>) {
      queries++
      return db.select(...columns)
    },
  })
  const uncached = testDeps({ db: counted, redis, clock: () => new Date(now) })
  const sessionSource = await openSessionCache(uncached, limits)
  const deps = { ...uncached, sessionSource }
  afterAll(() => deps.lifecycle.shutdown('test'))
  const count = (name: string) => deps.metrics.counter(`neondash.${name}`)
  return {
    ...sessionSource,
    deps,
    pass(ms: number) {
      now += ms
    },
    asked: () => queries,
    /** How many queries `use` needs. */
    async queriesOf(use: () => Promise<unknown>) {
      const before = queries
      await use()
      return queries - before
    },
    roleOf: async (clerkId: string) => (await sessionSource.load(clerkId))?.role ?? null,
    events: () => deps.lines.map(({ event }) => event),
    writeFailed: (operation: 'fill' | 'invalidate') => count('cache_write_failed').get({ operation }),
    diverged: (layer: 'local' | 'redis') => count('cache_layer_divergence').get({ layer }),
  }
}

/** Commits another role; the version that an invalidation has to name. */
export async function changeRole(db: Db, clerkId: string, role: Role): Promise<number> {
  await db.update(users).set({ role }).where(eq(users.clerkId, clerkId))
  return (await readAccount(db, clerkId)).version
}
