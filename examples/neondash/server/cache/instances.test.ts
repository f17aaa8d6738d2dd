import { beforeEach, describe, expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { outbox } from '../../drizzle/schema'
import { addUser } from '../../test/programme'
import { changeRole, openCache } from '../../test/session-cache'
import { hasRedis, withDatabase, withRedis } from '../../test/start'
import { until } from '../../test/webhooks'
import { createApp } from '../app'
import { dispatch } from '../outbound/outbox'
import { createTopics } from '../outbound/topics'

const { db } = await withDatabase()

describe.skipIf(!hasRedis)('two instances', async () => {
  const redis = await withRedis()
  const a = await openCache(db, redis.client)
  const b = await openCache(db, await redis.open())
  let ana: string

  /** Both hold the role that then changes. */
  beforeEach(async () => {
    ana = crypto.randomUUID()
    await addUser(db, ana, 'mentorado')
    await a.load(ana)
    await b.load(ana)
  })

  const promoted = async () => (await b.roleOf(ana)) === 'clinica_owner'
  const reconnected = () => until(async () => a.deps.redis?.connected && b.deps.redis?.connected)
  const hasTombstone = async () => (await redis.client.hget(`session:${ana}`, 'd')) === ''
  async function restart() {
    await redis.start()
    await reconnected()
  }

  test('an invalidation reaches the other before any TTL ends', async () => {
    await a.invalidate(ana, await changeRole(db, ana, 'clinica_owner'))
    expect(await a.roleOf(ana)).toBe('clinica_owner')
    await until(promoted)
  })

  test('one that comes late, or twice, changes nothing', async () => {
    const first = await changeRole(db, ana, 'clinica_staff')
    const second = await changeRole(db, ana, 'clinica_owner')
    await a.invalidate(ana, second)
    await until(promoted)
    await a.invalidate(ana, first)
    expect(await hasTombstone()).toBe(false)
    await a.invalidate(ana, second)
    await until(promoted)
  })

  test('a lost message is bounded by the TTL', async () => {
    const deaf = await openCache(db, redis.client)
    await deaf.load(ana)
    await deaf.deps.lifecycle.shutdown('its subscription ends')
    await a.invalidate(ana, await changeRole(db, ana, 'clinica_owner'))
    deaf.pass(4_999)
    expect(await deaf.roleOf(ana)).toBe('mentorado')
    deaf.pass(1)
    expect(await deaf.roleOf(ana)).toBe('clinica_owner')
  })

  test('one whose subscription broke off asks Redis again for everything', async () => {
    await redis.client.send('CLIENT', ['KILL', 'TYPE', 'pubsub'])
    await a.invalidate(ana, await changeRole(db, ana, 'clinica_owner'))
    await until(promoted)
    await redis.client.publish('session:invalidate', 'not for us')
    await a.invalidate(ana, await changeRole(db, ana, 'mentorado'))
    await until(async () => (await b.roleOf(ana)) === 'mentorado')
    expect(b.events()).toContain('redis_message_refused')
  })

  test('without Redis both answer from the database, at once and with signals', async () => {
    await redis.stop()
    await until(async () => !a.deps.redis?.connected)
    const [fills, lines] = [a.writeFailed('fill'), a.deps.lines.length]
    const startedAt = performance.now()
    for (let i = 0; i < 20; i++) {
      a.pass(5_000)
      expect(await a.queriesOf(() => a.load(ana))).toBe(1)
    }
    expect(performance.now() - startedAt).toBeLessThan(1_000)
    expect(a.writeFailed('fill') - fills).toBe(20)
    expect(a.deps.lines.slice(lines)).toMatchObject([{ event: 'cache_write_failed', operation: 'fill' }])
    const health = await createApp(a.deps).request('/health/ready')
    expect(await health.json()).toMatchObject({ redis: 'down' })

    await restart()
    a.pass(5_000)
    await a.load(ana)
    expect(a.events()).toContain('cache_recovered')
    expect(await redis.client.hget(`session:${ana}`, 'd')).toContain('mentorado')
  }, 15_000)

  test('an invalidation that failed is repeated when Redis is back', async () => {
    const topics = createTopics(a.deps)
    const makeDue = () => db.update(outbox).set({ nextAttemptAt: sql`now()` })
    const version = await changeRole(db, ana, 'clinica_owner')
    const payload = { clerkId: ana, version }
    const message = { topic: 'session.changed' as const, dedupKey: ana, payload }
    await db.insert(outbox).values(message)
    const failed = a.writeFailed('invalidate')
    await redis.stop()
    expect(await dispatch(a.deps, topics)).toBe(1)
    expect(a.writeFailed('invalidate') - failed).toBe(1)
    expect(a.events()).toContain('outbox_postponed')
    expect(await a.roleOf(ana)).toBe('clinica_owner')

    await restart()
    expect(await hasTombstone()).toBe(false)
    await makeDue()
    expect(await dispatch(a.deps, topics)).toBe(1)
    expect(await hasTombstone()).toBe(true)
    await until(promoted)
    expect(await db.query.outbox.findFirst()).toMatchObject({ attempts: 2, sentAt: expect.any(Date) })
  }, 15_000)

  test('a Redis that hangs costs a read its 50 ms, not more', async () => {
    a.pass(5_000)
    await redis.client.send('CLIENT', ['PAUSE', '500', 'ALL'])
    const startedAt = performance.now()
    expect(await a.roleOf(ana)).toBe('mentorado')
    expect(performance.now() - startedAt).toBeWithin(50, 400)
  })
})
