import { describe, expect, test } from 'bun:test'
import { hasRedis, testDeps, withDatabase, withRedis } from '../../test/start'
import { until } from '../../test/webhooks'
import { createApp } from '../app'

const { db, database, connect } = await withDatabase()

function instance(given: Partial<Parameters<typeof testDeps>[0]> = {}) {
  let now = Date.now()
  const deps = testDeps({
    db,
    clock: () => new Date(now),
    env: { OPERATOR_TOKEN: 'operators-only-1' },
    ...given,
  })
  const app = createApp(deps)
  const ready = async () => {
    const response = await app.request('/health/ready')
    return { status: response.status, ...((await response.json()) as object) }
  }
  const pass = (ms: number) => {
    now += ms
  }
  return { deps, app, ready, pass }
}

test('live answers without asking anything, also when the database is away', async () => {
  const away = { execute: () => Promise.reject(new Error('away')) } as never
  expect((await instance({ db: away }).app.request('/health/live')).status).toBe(204)
})

test('ready only after the start and before the drain', async () => {
  const { deps, ready } = instance()
  expect(await ready()).toMatchObject({ status: 503, ready: false, database: 'up', redis: 'off' })
  deps.lifecycle.markReady()
  expect(await ready()).toMatchObject({ status: 200, ready: true, draining: false })
  await deps.lifecycle.shutdown('test')
  expect(await ready()).toMatchObject({ status: 503, draining: true })
})

test('an idle instance asks the database once; a used one every five seconds at most', async () => {
  let queries = 0
  const spied = Object.assign(Object.create(db), {
    execute(...args: Parameters<typeof db.execute>) {
      queries++
      return db.execute(...args)
    },
  })
  const watched = instance({ db: spied })
  for (let i = 0; i < 20; i++) {
    await watched.ready()
    watched.pass(10_000)
  }
  expect(queries).toBe(1)
  await watched.app.request('/nowhere')
  await Promise.all([watched.ready(), watched.ready(), watched.ready()])
  await watched.app.request('/nowhere')
  await watched.ready()
  expect(queries).toBe(2)
  watched.pass(6_000)
  await watched.ready()
  expect(queries).toBe(3)
})

test('a database that refuses makes it unready, and its return ready again', async () => {
  const { deps, ready, pass, app } = instance()
  deps.lifecycle.markReady()
  expect((await ready()).status).toBe(200)
  const admin = await connect('postgres')
  await admin.query(`alter database ${database} allow_connections false`)
  await admin.query(`select pg_terminate_backend(pid) from pg_stat_activity
    where datname = '${database}'`)
  await app.request('/nowhere')
  pass(6_000)
  expect(await ready()).toMatchObject({ status: 503, database: 'down' })
  await admin.query(`alter database ${database} allow_connections true`)
  expect((await ready()).status).toBe(503)
  // A pooler too asks again only after a while.
  await until(async () => {
    pass(6_000)
    return (await ready()).status === 200
  })
})

test('details and metrics are for operators', async () => {
  const { app } = instance()
  for (const path of ['/health/deps', '/metrics']) {
    expect((await app.request(path)).status).toBe(401)
    expect((await app.request(path, { headers: { authorization: 'Bearer operators-only-1' } })).status).toBe(
      200,
    )
    expect((await createApp(testDeps({ db })).request(path)).status).toBe(404)
  }
})

test('probes are no traffic: neither counted nor logged', async () => {
  const { app, deps } = instance({ env: { OPERATOR_TOKEN: 'operators-only-1', LOG_LEVEL: 'info' } })
  await app.request('/health/live')
  await app.request('/nowhere')
  expect(deps.metrics.counter('http.server.requests').total()).toBe(1)
  expect(deps.lines.filter(({ level }) => level === 'info')).toHaveLength(1)
  expect(await deps.metrics.text()).toContain('http_route="/health/live"')
})

describe.skipIf(!hasRedis)('with Redis', async () => {
  const redis = await withRedis()

  test('its loss is degraded, not unready', async () => {
    const { deps, ready } = instance({ redis: redis.client })
    deps.lifecycle.markReady()
    expect(await ready()).toMatchObject({ status: 200, redis: 'up' })
    await redis.stop()
    await Bun.sleep(50)
    expect(await ready()).toMatchObject({ status: 200, redis: 'down' })
    await redis.start()
    for (let i = 0; i < 50 && !redis.client.connected; i++) await Bun.sleep(100)
    expect(await ready()).toMatchObject({ status: 200, redis: 'up' })
  }, 10_000)
})
