import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { addMentor, until } from '../../test/programme'
import { testDeps, testEnv, withDatabase } from '../../test/start'
import { withStreams } from '../../test/streams'
import { openDatabase } from '../db/client'
import { createAgendaService } from '../services/agenda'
import { agendaEvents } from './events'

const { db } = await withDatabase()
const deps = testDeps({ db })
const idleTimeout = 8 // Bun counts in ticks of four seconds: somewhere between 4 and 8
const streams = withStreams(deps, await addMentor(db, 'mentor'), idleTimeout)
const { api, tenant, schedule, follow, listen, open } = streams

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

test('the plain stream is not open before it knows where it begins', async () => {
  const ana = await tenant()
  let opened = false
  const reading = await db.transaction(async (tx) => {
    await tx.execute(sql`lock table audit_log in access exclusive mode`)
    const stream = listen(ana).finally(() => (opened = true))
    await Bun.sleep(500)
    expect(opened).toBe(false)
    return { stream }
  })
  const plain = await reading.stream
  const { id } = await schedule(ana)
  await until(() => plain.seen.text.includes(`"sessionId":${id}`))
  plain.stop()
})

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
  await until(() => open() === 0)
  const ana = await tenant()
  const streams = [await follow(ana), await listen(ana), await listen(ana)]
  await until(() => open() === 3)
  for (const stream of streams) stream.stop()
  await until(() => open() === 0)
  expect(deps.lines.filter(({ event }) => event === 'sse_failed')).toEqual([])
})

test('a stream that fails frees its listener', async () => {
  const subject = { ...(await tenant()), grantId: null }
  const gone = await openDatabase(testEnv(), deps.log)
  const own = testDeps({ db: gone.db })
  const stream = agendaEvents(own, subject, 0, new AbortController().signal)
  await expect(stream.next()).rejects.toThrow()
  expect(own.agendaBus.open()).toBe(0)
  await gone.close()
})

test('a visitor, a foreign role and a missing tenant get no stream', async () => {
  expect((await listen({ sub: 'nobody' })).response.status).toBe(401)
  expect((await listen({ sub: 'mentor' })).response.status).toBe(403)
  expect((await fetch(new URL('/api/agenda/stream', api.url))).status).toBe(401)
})
