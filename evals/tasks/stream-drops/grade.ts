import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { defineGrader } from '../../outcome/criterion.ts'
import { openEvents, type EventStream } from '../../outcome/events.ts'
import type { Backend } from '../../outcome/process.ts'
import type { Person, Rig } from '../../outcome/rig.ts'

let made = 0

async function create(backend: Backend, { token }: Person): Promise<number> {
  const { data, text } = await backend.trpc('leads.create', { token, mutate: { name: 'Lead', email: `lead${++made}@clinic.test` } })
  assert.ok(data, `leads.create is refused: ${text.slice(0, 200)}`)
  return data.id
}

/** Open the stream; a backend that sends its headers with the first event gets one. */
async function open(backend: Backend, person: Person, headers: Record<string, string> = {}): Promise<EventStream> {
  const opening = openEvents(backend, '/events', { authorization: `Bearer ${person.token}`, ...headers })
  const late = sleep(1_500).then(async () => {
    if (!opened) await create(backend, person)
  })
  let opened = false
  const stream = await opening
  opened = true
  void late.catch(() => {})
  assert.equal(stream.status, 200, `the stream is answered with ${stream.status}`)
  return stream
}

const leadsIn = ({ events }: EventStream) => events.filter(({ event }) => event === 'lead').map(({ data }) => JSON.parse(data).id as number)

const untilLead = (rig: Rig, stream: EventStream, id: number, message: string) =>
  rig.until(message, async () => leadsIn(stream).includes(id), 5_000)

async function streams(backend: Backend): Promise<unknown> {
  return ((await (await backend.fetch('/healthz')).json()) as { streams: unknown }).streams
}

export default defineGrader([
  {
    id: 'stays-open',
    tier: 'basic',
    text: 'A stream without news for 13 s stays open and then brings the next lead.',
    async check(rig) {
      const person = await rig.person()
      const backend = await rig.start()
      const stream = await open(backend, person)
      await sleep(13_000)
      assert.equal(stream.ended(), undefined, 'the stream ends while nothing happens')
      await untilLead(rig, stream, await create(backend, person), 'the stream is open but brings no more leads')
    },
  },
  {
    id: 'live',
    tier: 'basic',
    text: 'A new lead arrives at once, as event, id and data that the README names.',
    async check(rig) {
      const person = await rig.person()
      const backend = await rig.start()
      const stream = await open(backend, person)
      const id = await create(backend, person)
      await untilLead(rig, stream, id, 'a new lead does not arrive')
      const event = stream.events.find((one) => one.id === String(id))
      assert.ok(event, 'the id of the event is not that of the lead')
      const { email: _, ...data } = JSON.parse(event.data)
      assert.deepEqual(data, { id, name: 'Lead', status: 'new' }, 'the data of the event changed')
    },
  },
  {
    id: 'heartbeat',
    tier: 'expert',
    text: 'An idle stream is never silent for longer than 16 s: a proxy or a dead connection would go unnoticed.',
    async check(rig) {
      const person = await rig.person()
      const backend = await rig.start()
      const stream = await open(backend, person)
      const from = Date.now() + 1_700
      await sleep(1_700)
      await rig.until('nothing is sent on an idle stream for 16 s', async () => {
        assert.equal(stream.ended(), undefined, 'the stream ends while nothing happens')
        return stream.bytesAt.some((at) => at > from)
      }, 16_000)
    },
  },
  {
    id: 'opens-at-once',
    tier: 'expert',
    text: 'The headers of a stream arrive within 2 s also when nothing happens, and forbid nginx to buffer it.',
    async check(rig) {
      const person = await rig.person()
      const backend = await rig.start()
      const stream = await openEvents(backend, '/events', { authorization: `Bearer ${person.token}` }, 2_000).catch(() => undefined)
      assert.ok(stream, 'no headers arrive before the first lead: the dashboard shows "connecting"')
      assert.match(stream.headers.get('content-type') ?? '', /^text\/event-stream/)
      assert.equal(stream.headers.get('x-accel-buffering'), 'no', 'nginx buffers the stream: X-Accel-Buffering is not "no"')
    },
  },
  {
    id: 'resumes',
    tier: 'expert',
    text: 'After a reconnect with Last-Event-ID every lead made meanwhile arrives, also those made while it opens, and nobody else\'s.',
    async check(rig) {
      const [person, other] = [await rig.person(), await rig.person()]
      const backend = await rig.start()
      const last = await create(backend, person)
      const missed = [await create(backend, person), await create(backend, person)]
      const foreign = await create(backend, other)
      const opening = open(backend, person, { 'last-event-id': String(last) })
      for (let index = 0; index < 12; index++) missed.push(await create(backend, person))
      const stream = await opening
      const lost = () => missed.filter((id) => !leadsIn(stream).includes(id)).length
      await rig.until('leads made while a client was away never arrive', async () => lost() === 0, 4_000)
      assert.ok(!leadsIn(stream).includes(foreign), 'the replay brings the lead of another mentorado')
    },
  },
  {
    id: 'odd-last-event-id',
    tier: 'expert',
    text: 'A Last-Event-ID that is no id breaks nothing: the stream opens and brings new leads.',
    async check(rig) {
      const person = await rig.person()
      const backend = await rig.start()
      for (const odd of ['abc', '-1', '9'.repeat(40)]) {
        const stream = await open(backend, person, { 'last-event-id': odd })
        await untilLead(rig, stream, await create(backend, person), `after Last-Event-ID "${odd.slice(0, 12)}" no lead arrives`)
      }
    },
  },
  {
    id: 'frees-listeners',
    tier: 'expert',
    text: 'Streams whose clients left are let go: /healthz counts none within 10 s.',
    async check(rig) {
      const person = await rig.person()
      const backend = await rig.start()
      const opened = await Promise.all(Array.from({ length: 8 }, () => open(backend, person)))
      await rig.until('/healthz does not count the open streams', async () => (await streams(backend)) === 8, 2_000)
      for (const stream of opened) stream.close()
      await rig.until('streams of clients that left are still held after 10 s', async () => (await streams(backend)) === 0)
    },
  },
  {
    id: 'ends-at-deploy',
    tier: 'expert',
    text: 'SIGTERM with open streams ends the process within 8 s, and the streams with it.',
    async check(rig) {
      const person = await rig.person()
      const backend = await rig.start()
      const opened = await Promise.all([open(backend, person), open(backend, person)])
      const ended = await Promise.race([backend.kill('SIGTERM').then(() => true), sleep(8_000)])
      assert.ok(ended, 'the process still lives 8 s after SIGTERM: an open stream holds it')
      await rig.until('a stream outlives its process', async () => opened.every((stream) => stream.ended()), 2_000)
    },
  },
  {
    id: 'own-leads-only',
    tier: 'expert',
    text: 'A stream without a valid token is refused with 401, and one with a token brings only its own leads.',
    async check(rig) {
      const [person, other] = [await rig.person(), await rig.person()]
      const backend = await rig.start()
      const forged = rig.forged(person.clerkId)
      for (const headers of [{}, { authorization: `Bearer ${forged}` }] as Record<string, string>[]) {
        const { status } = await openEvents(backend, '/events', headers, 3_000).catch(() => ({ status: 'no answer' }))
        assert.equal(status, 401, `without a valid token the stream is answered with ${status}`)
      }
      const stream = await open(backend, person)
      const foreign = await create(backend, other)
      await untilLead(rig, stream, await create(backend, person), 'a new lead does not arrive')
      assert.ok(!leadsIn(stream).includes(foreign), 'the lead of another mentorado is streamed')
    },
  },
])
