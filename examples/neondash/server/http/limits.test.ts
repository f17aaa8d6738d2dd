import { describe, expect, test } from 'bun:test'
import { clerk, hasRedis, testDeps, withDatabase, withRedis } from '../../test/start'
import { createApp } from '../app'
import { clientIp } from './limits'

const { db } = await withDatabase()
const from = (address: string) => ({ server: { requestIP: () => ({ address }) } })
const noon = new Date('2026-11-22T12:00:30.500Z')

describe.each([
  ['alone', false],
  ['with Redis', true],
] as const)('%s', async (_, shared) => {
  if (shared && !hasRedis) return
  const redis = shared ? await withRedis() : undefined
  let now = noon
  const instance = () => {
    const env = { IP_LIMIT_PER_MINUTE: 5, ACTOR_LIMIT_PER_MINUTE: 6 }
    return testDeps({ db, redis: redis?.client ?? null, env, clock: () => now })
  }

  test('an address gets 429 with the seconds left, and a new window in the next minute', async () => {
    const app = createApp(instance())
    const ask = () => app.request('/nowhere', {}, from('198.51.100.1'))
    for (let i = 0; i < 5; i++) expect((await ask()).status).toBe(404)
    const refused = await ask()
    expect(refused.status).toBe(429)
    expect(refused.headers.get('retry-after')).toBe('30')
    expect(await refused.json()).toMatchObject({
      error: { code: 'TOO_MANY_REQUESTS', requestId: expect.any(String) },
    })
    expect((await app.request('/nowhere', {}, from('198.51.100.2'))).status).toBe(404)
    now = new Date(noon.getTime() + 60_000)
    expect((await ask()).status).toBe(404)
    now = noon
  })

  test('a batch pays for each of its calls, however its commas are written', async () => {
    const app = createApp(instance())
    const ask = (calls: string) =>
      app.request(
        `/trpc/${calls}?batch=1`,
        { headers: clerk.bearer(`batcher_${shared}`) },
        from('198.51.100.3'),
      )
    expect((await ask('a,b,c')).status).not.toBe(429)
    expect((await ask('a%2Cb%2cc')).status).not.toBe(429)
    expect((await ask('a')).status).toBe(429)
  })
})

describe.skipIf(!hasRedis)('two instances', async () => {
  const redis = await withRedis()

  test('share one count while Redis is there; without it each keeps its own, and says so', async () => {
    const second = testDeps({
      db,
      redis: await redis.open(),
      env: { IP_LIMIT_PER_MINUTE: 4 },
      clock: () => noon,
    })
    const apps = [createApp({ ...second, redis: redis.client }), createApp(second)]
    const ask = async (i: number) => (await apps[i % 2]!.request('/nowhere', {}, from('198.51.100.4'))).status
    const statuses = []
    for (let i = 0; i < 6; i++) statuses.push(await ask(i))
    expect(statuses).toEqual([404, 404, 404, 404, 429, 429])

    await redis.stop()
    await Bun.sleep(50)
    expect([await ask(0), await ask(1)]).toEqual([404, 404])
    expect(second.metrics.counter('neondash.limit.degraded').get({ limit: 'ip' })).toBe(2)
  })
})

test.each([
  [0, '1.1.1.1, 2.2.2.2', '203.0.113.7'],
  [1, '1.1.1.1, 2.2.2.2', '2.2.2.2'],
  [2, '1.1.1.1, 2.2.2.2', '1.1.1.1'],
  [1, undefined, '203.0.113.7'],
])('behind %d proxies, %s means %s', (hops, header, expected) => {
  const context = { req: { header: () => header, raw: {} }, env: from('203.0.113.7') }
  expect(clientIp(context as never, hops)).toBe(expected)
})
