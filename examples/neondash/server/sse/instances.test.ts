import { expect, test } from 'bun:test'
import { addMentor, until } from '../../test/programme'
import { hasRedis, testDeps, withDatabase, withRedis } from '../../test/start'
import { withStreams } from '../../test/streams'
import { createLifecycle } from '../lifecycle'

const { db } = await withDatabase()
const deps = testDeps({ db })
const { add, tenant, schedule, follow, listen } = withStreams(deps, await addMentor(db, 'mentor'))

test('on drain the subscription reconnects to the next instance and misses nothing', async () => {
  const ana = await tenant()
  const first = testDeps({ db, lifecycle: createLifecycle({ log: deps.log }) })
  const old = add(first)
  const { port } = old.server
  const { seen, stop } = await follow(ana, { at: old })
  const plain = await listen(ana, { at: old })
  const before = await schedule(ana, old)
  await until(() => seen.sessions.length === 1)
  first.lifecycle.onDrain('http', () => old.server.stop())
  const stopped = first.lifecycle.shutdown('test')
  const during = await schedule(ana)
  expect(await stopped).toBe(true)
  expect(first.agendaBus.open()).toBe(0)
  const second = testDeps({ db })
  add(second, { port })
  await until(() => seen.sessions.length === 2, 10_000)
  expect(seen).toMatchObject({ sessions: [before.id, during.id], completed: false, errors: [] })
  expect(plain.seen.ended).toBe(true)
  const ends = first.lines.filter(({ event }) => event === 'trpc_failed' || event === 'sse_failed')
  expect(ends).toMatchObject([{ level: 'info', path: 'sessions.changes', outcome: 'SERVICE_UNAVAILABLE' }])
  stop()
}, 20_000)

if (hasRedis)
  test('a change on one instance reaches streams of another, also after Redis came back', async () => {
    const redis = await withRedis()
    const [here, there] = [testDeps({ db, redis: redis.client }), testDeps({ db, redis: await redis.open() })]
    const [hereApi, thereApi] = [add(here), add(there)]
    const ana = await tenant()
    const { seen, stop } = await follow(ana, { at: thereApi })
    await Bun.sleep(200)
    const one = await schedule(ana, hereApi)
    await until(() => seen.sessions.length === 1)
    await redis.stop()
    const two = await schedule(ana, hereApi)
    await redis.start()
    await until(() => seen.sessions.length === 2, 10_000)
    await until(() => here.redis!.connected)
    const three = await schedule(ana, hereApi)
    await until(() => seen.sessions.length === 3)
    expect(seen.sessions).toEqual([one.id, two.id, three.id])
    stop()
    await Promise.all([here, there].map(({ lifecycle }) => lifecycle.shutdown('test')))
  }, 20_000)
