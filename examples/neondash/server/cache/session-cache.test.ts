import { describe, expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { users } from '../../drizzle/schema'
import { addMentorado, addUser } from '../../test/programme'
import { changeRole, openCache } from '../../test/session-cache'
import { hasRedis, withDatabase, withRedis } from '../../test/start'
import { until } from '../../test/webhooks'

const { db, connect, database } = await withDatabase()
const ana = await addMentorado(db, 'ana')
const anew = () => crypto.randomUUID()

/** Somebody whom no test has seen. */
async function somebody() {
  const clerkId = anew()
  await addUser(db, clerkId, 'mentorado')
  return clerkId
}

/** Readers of `users` wait until `go`. */
async function holdReaders() {
  const holder = await connect()
  await holder.query('begin; lock table users in access exclusive mode')
  const watcher = await connect()
  const waiting = async () => {
    const { rows } = await watcher.query(
      `select from pg_stat_activity where datname = $1 and wait_event_type = 'Lock'`,
      [database],
    )
    return rows.length
  }
  return { waiting, go: () => holder.query('commit') }
}

/** An instance whose reads are as old as this call, as a load that hangs after its query. */
function withStaleReader(use: (stale: Parameters<typeof openCache>[0]) => Promise<void>) {
  return db.transaction(
    async (tx) => {
      await tx.execute(sql`select from users`)
      await use(tx)
    },
    { isolationLevel: 'repeatable read' },
  )
}

describe('one instance', () => {
  test('asks the database once per TTL', async () => {
    const cache = await openCache(db, null)
    const account = { userId: ana.userId, role: 'mentorado', mentoradoId: ana.mentoradoId } as const
    expect(await cache.load('ana')).toEqual(account)
    expect(await cache.queriesOf(async () => expect(await cache.load('ana')).toEqual(account))).toBe(0)
    cache.pass(5_000)
    expect(await cache.queriesOf(() => cache.load('ana'))).toBe(1)
  })

  test('a write asks always, and what it learned is kept', async () => {
    const cache = await openCache(db, null)
    const bia = await somebody()
    await cache.load(bia)
    await changeRole(db, bia, 'clinica_owner')
    expect(await cache.roleOf(bia)).toBe('mentorado')
    expect(await cache.fresh(bia)).toMatchObject({ role: 'clinica_owner' })
    expect(await cache.roleOf(bia)).toBe('clinica_owner')
  })

  test('fifty requests at once share one query', async () => {
    const cache = await openCache(db, null)
    const { waiting, go } = await holdReaders()
    const loads = Array.from({ length: 50 }, () => cache.roleOf('ana'))
    await until(waiting)
    loads.push(cache.roleOf('ana'))
    await go()
    expect(new Set(await Promise.all(loads))).toEqual(new Set(['mentorado']))
    expect(cache.asked()).toBe(1)
  })

  test('a load that failed is not remembered', async () => {
    const broken = {
      select: () => {
        throw new Error('away')
      },
    } as never
    const cache = await openCache(broken, null)
    for (const _ of [1, 2]) await expect(cache.load('ana')).rejects.toThrow('away')
  })

  test('who asks after an invalidation does not join the load from before', async () => {
    const cache = await openCache(db, null)
    const { waiting, go } = await holdReaders()
    const before = cache.load('ana')
    await until(waiting)
    await cache.invalidate('ana', 1)
    const after = cache.load('ana')
    await until(async () => (await waiting()) === 2)
    await go()
    expect(await after).toEqual(await before)
  })

  test('a reader that an invalidation overtook leaves nothing behind', async () => {
    const clerkId = await somebody()
    await withStaleReader(async (old) => {
      const cache = await openCache(old, null)
      await cache.invalidate(clerkId, await changeRole(db, clerkId, 'clinica_staff'))
      expect(await cache.roleOf(clerkId)).toBe('mentorado')
      expect(await cache.queriesOf(() => cache.load(clerkId))).toBe(1)
    })
  })

  test('nobody is remembered too, until they sign up', async () => {
    const cache = await openCache(db, null)
    const clerkId = anew()
    expect(await cache.load(clerkId)).toBeNull()
    expect(await cache.queriesOf(() => cache.load(clerkId))).toBe(0)
    await addUser(db, clerkId, 'mentorado')
    cache.pass(5_000)
    expect(await cache.roleOf(clerkId)).toBe('mentorado')
  })

  test('holds no more than its bound, the newest', async () => {
    const cache = await openCache(db, null, { maxLocal: 10 })
    for (let i = 0; i < 30; i++) await cache.load(`nobody_${i}`)
    expect(await cache.deps.metrics.text()).toContain('neondash_session_cache_entries 10\n')
    expect(await cache.queriesOf(() => cache.load('nobody_29'))).toBe(0)
    expect(await cache.queriesOf(() => cache.load('nobody_0'))).toBe(1)
  })
})

describe.skipIf(!hasRedis)('with Redis', async () => {
  const { client, open } = await withRedis()

  test('what one instance read, another finds there', async () => {
    const [a, b] = [await openCache(db, client), await openCache(db, await open())]
    const account = await a.load('ana')
    expect(await b.queriesOf(async () => expect(await b.load('ana')).toEqual(account))).toBe(0)
    expect(await client.pttl('session:ana')).toBeWithin(50_000, 60_001)
  })

  test('the entry there outlives the one here, and ends by itself', async () => {
    const cache = await openCache(db, client, { redisTtlMs: 30 })
    const clerkId = await somebody()
    await cache.load(clerkId)
    cache.pass(5_000)
    await until(async () => !(await client.exists(`session:${clerkId}`)))
    expect(await cache.queriesOf(() => cache.load(clerkId))).toBe(1)
  })

  test('a tombstone there refuses the reader that it overtook, and outlives it', async () => {
    const clerkId = await somebody()
    const quick = await openCache(db, client)
    await withStaleReader(async (old) => {
      const slow = await openCache(old, await open())
      await slow.deps.lifecycle.shutdown('its messages get lost')
      await quick.invalidate(clerkId, await changeRole(db, clerkId, 'clinica_staff'))
      expect(await slow.roleOf(clerkId)).toBe('mentorado')
      expect(slow.diverged('local')).toBe(1)
      expect(await slow.queriesOf(() => slow.load(clerkId))).toBe(1)
    })
    expect(await client.hget(`session:${clerkId}`, 'd')).toBe('')
    expect(await client.pttl(`session:${clerkId}`)).toBeWithin(110_000, 120_001)
    expect(await quick.roleOf(clerkId)).toBe('clinica_staff')
  })

  test('an older entry than this instance knows is replaced, with a signal', async () => {
    const cache = await openCache(db, client)
    const clerkId = await somebody()
    await cache.load(clerkId)
    const backup = await client.hgetall(`session:${clerkId}`)
    await cache.invalidate(clerkId, await changeRole(db, clerkId, 'clinica_owner'))
    await client.del(`session:${clerkId}`)
    await client.hmset(`session:${clerkId}`, Object.entries(backup).flat())
    expect(await cache.roleOf(clerkId)).toBe('clinica_owner')
    expect(cache.diverged('redis')).toBe(1)
    expect(cache.deps.lines).toContainEqual(
      expect.objectContaining({ event: 'cache_layer_divergence', layer: 'redis', key: `session:${clerkId}` }),
    )
    expect(await client.hget(`session:${clerkId}`, 'd')).toContain('clinica_owner')
  })

  test('the deleted are cached as such; the unknown only here', async () => {
    const clerkId = await somebody()
    await db.update(users).set({ deletedAt: sql`now()` }).where(sql`clerk_id = ${clerkId}`)
    const [a, b] = [await openCache(db, client), await openCache(db, client)]
    expect(await a.load(clerkId)).toBeNull()
    expect(await b.queriesOf(async () => expect(await b.load(clerkId)).toBeNull())).toBe(0)
    await a.load('unknown')
    expect(await client.exists('session:unknown')).toBe(false)
  })

  test.each(['{', '{"role":"emperor"}'])('an entry that reads %p is no entry', async (data) => {
    const cache = await openCache(db, client)
    const clerkId = await somebody()
    await client.hmset(`session:${clerkId}`, ['v', '1', 'd', data])
    expect(await cache.roleOf(clerkId)).toBe('mentorado')
    expect(await client.hget(`session:${clerkId}`, 'd')).toContain('mentorado')
  })
})
