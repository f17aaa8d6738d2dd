import { expect, test } from 'bun:test'
import { addMentor, addMentorado, serve, until } from '../../test/programme'
import { clerk, hasRedis, testDeps, testEnv, withDatabase, withRedis } from '../../test/start'
import { openDatabase } from '../db/client'
import { createLifecycle } from '../lifecycle'
import { createAgendaService } from '../services/agenda'
import { agendaEvents } from './events'

const { db } = await withDatabase()
const deps = testDeps({ db })
const idleTimeout = 8 // Bun counts in ticks of four seconds: somewhere between 4 and 8
const api = serve(deps, { idleTimeout })
const { mentorId } = await addMentor(db, 'mentor')
let tenants = 0

/** A mentorado of its own for each test. */
async function tenant() {
  const person = await addMentorado(db, `ana_${++tenants}`, { mentorId })
  return { ...person, sub: person.clerkId }
}
type Tenant = Awaited<ReturnType<typeof tenant>>

const days = { startsAt: '2026-12-01T10:00:00Z', endsAt: '2026-12-01T11:00:00Z' }
const schedule = ({ mentoradoId }: Tenant, at = api) =>
  at.as({ sub: 'mentor' }).sessions.schedule.mutate({ key: crypto.randomUUID(), mentoradoId, ...days })

/** A subscription of the typed client, with what it saw. */
async function follow({ sub }: Tenant, { at = api, lastEventId = undefined as string | undefined } = {}) {
  const seen = {
    ids: [] as string[],
    sessions: [] as number[],
    states: [] as string[],
    completed: false,
    errors: [] as string[],
  }
  const subscription = at.as({ sub }).sessions.changes.subscribe(
    { lastEventId },
    {
      onData: ({ id, data }) => {
        seen.ids.push(id)
        seen.sessions.push(data.sessionId)
      },
      onConnectionStateChange: ({ state }) => seen.states.push(state),
      onComplete: () => (seen.completed = true),
      onError: (error) => seen.errors.push(error.message),
    },
  )
  await until(() => seen.states.includes('pending') && open(at) > 0)
  await Bun.sleep(50)
  return { seen, stop: () => subscription.unsubscribe() }
}
const instances = new Map([[api, deps]])
const open = (at: typeof api) => instances.get(at)!.agendaBus.open()

/** The plain stream, as text. */
async function listen({ sub }: Tenant, { at = api, headers = {} as Record<string, string> } = {}) {
  const abort = new AbortController()
  const request = { headers: { ...clerk.bearer(sub), ...headers }, signal: abort.signal }
  const response = await fetch(new URL('/api/agenda/stream', at.url), request)
  const seen = { text: '', ended: false }
  const read = async () => {
    for await (const chunk of response.body ?? []) seen.text += new TextDecoder().decode(chunk)
  }
  read()
    .catch(() => {})
    .finally(() => (seen.ended = true))
  return { response, seen, stop: () => abort.abort() }
}

test('both streams survive a silence that ends a stream without pings', async () => {
  const [ana, bia] = [await tenant(), await tenant()]
  const endless = new ReadableStream({ start: (controller) => controller.enqueue('x') })
  const silent = Bun.serve({ port: 0, idleTimeout, fetch: () => new Response(endless) })
  const cut = fetch(silent.url)
    .then((response) => response.text())
    .catch((error) => error.code)
  const subscription = await follow(ana)
  const plain = await listen(bia)
  expect(await Promise.race([cut, Bun.sleep(9_500)])).toBe('ECONNRESET')
  await silent.stop(true)
  const [forAna, forBia] = await Promise.all([schedule(ana), schedule(bia)])
  await until(() => subscription.seen.sessions.length > 0 && plain.seen.text.includes('data:'))
  expect(subscription.seen).toMatchObject({ sessions: [forAna.id], states: ['connecting', 'pending'] })
  expect(plain.seen).toMatchObject({
    ended: false,
    text: expect.stringContaining(`"sessionId":${forBia.id}`),
  })
  subscription.stop()
  plain.stop()
}, 20_000)

test('a stream begins now, or after the id that the client has', async () => {
  const ana = await tenant()
  const [first, second] = [await schedule(ana), await schedule(ana)]
  const [one] = await createAgendaService(db).eventsAfter(ana.mentoradoId, 0)
  const fresh = await follow(ana)
  const resumed = await follow(ana, { lastEventId: String(one!.id) })
  const plain = await listen(ana, { headers: { 'last-event-id': String(one!.id) } })
  const nonsense = await listen(ana, { headers: { 'last-event-id': "1' or '1" } })
  const third = await api
    .as({ sub: ana.sub })
    .sessions.cancel.mutate({ key: crypto.randomUUID(), id: first.id })
  await until(() => fresh.seen.sessions.length >= 1 && resumed.seen.sessions.length >= 2)
  expect(fresh.seen.sessions).toEqual([third.id])
  expect(resumed.seen.sessions).toEqual([second.id, first.id])
  await until(
    () => plain.seen.text.includes('session.cancelled') && nonsense.seen.text.includes('session.cancelled'),
  )
  expect(plain.seen.text.match(/^event: .*$/gm)).toEqual([
    'event: session.scheduled',
    'event: session.cancelled',
  ])
  expect(nonsense.seen.text.match(/^event: /gm)).toHaveLength(1)
  for (const stream of [fresh, resumed, plain, nonsense]) stream.stop()
})

test('changes made at once arrive all, in order', async () => {
  const ana = await tenant()
  const { seen, stop } = await follow(ana)
  const made = await Promise.all(Array.from({ length: 12 }, () => schedule(ana)))
  await until(() => seen.sessions.length === 12)
  expect(seen.ids.map(Number)).toEqual(seen.ids.map(Number).sort((one, other) => one - other))
  expect([...seen.sessions].sort()).toEqual(made.map(({ id }) => id).sort())
  stop()
})

test('a client that leaves frees its listeners', async () => {
  await until(() => open(api) === 0)
  const ana = await tenant()
  const streams = [await follow(ana), await listen(ana), await listen(ana)]
  await until(() => open(api) === 3)
  for (const stream of streams) stream.stop()
  await until(() => open(api) === 0)
  expect(deps.lines.filter(({ event }) => event === 'sse_failed')).toEqual([])
})

test('a stream that fails frees its listener', async () => {
  const { mentoradoId } = await tenant()
  const gone = await openDatabase(testEnv(), deps.log)
  const own = testDeps({ db: gone.db })
  const stream = agendaEvents(own, mentoradoId, 0, new AbortController().signal)
  await expect(stream.next()).rejects.toThrow()
  expect(own.agendaBus.open()).toBe(0)
  await gone.close()
})

test('a visitor, a foreign role and a missing tenant get no stream', async () => {
  expect((await listen({ sub: 'nobody' } as Tenant)).response.status).toBe(401)
  expect((await listen({ sub: 'mentor' } as Tenant)).response.status).toBe(403)
  expect((await fetch(new URL('/api/agenda/stream', api.url))).status).toBe(401)
})

test('on drain the subscription reconnects to the next instance and misses nothing', async () => {
  const ana = await tenant()
  const first = testDeps({ db, lifecycle: createLifecycle({ log: deps.log }) })
  const old = serve(first)
  const { port } = old.server
  instances.set(old, first)
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
  const next = serve(second, { port })
  instances.set(next, second)
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
    const [hereApi, thereApi] = [serve(here), serve(there)]
    instances.set(thereApi, there)
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
