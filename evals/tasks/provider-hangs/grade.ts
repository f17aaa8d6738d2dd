import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { defineGrader } from '../../outcome/criterion.ts'
import { watchFootprint } from '../../outcome/footprint.ts'
import type { Answer, Backend } from '../../outcome/process.ts'
import type { Received, Reply } from '../../outcome/provider.ts'
import type { Person, Rig } from '../../outcome/rig.ts'

const ok: Reply = { status: 200, body: { id: 'wamid_ok' } }
const keyOf = ({ headers }: Received) => headers['idempotency-key']
let made = 0

async function withPhone(rig: Rig): Promise<Person> {
  const person = await rig.person()
  await rig.sql(`update mentorados set phone = '+5511987654321' where id = $1`, [person.mentoradoId])
  return person
}

const create = (backend: Backend, { token }: Person, name: string, signal?: AbortSignal) =>
  backend.trpc('leads.create', { token, mutate: { name, email: `lead${++made}@clinic.test` }, ...(signal && { signal }) })

/** Create a lead and expect an answer within six seconds. */
async function createInTime(backend: Backend, person: Person, name: string): Promise<Answer> {
  const answer = await create(backend, person, name, AbortSignal.timeout(6_000)).catch(() => undefined)
  assert.ok(answer, 'leads.create does not answer within 6 s')
  assert.equal(answer.status, 200, `leads.create is answered with ${answer.status}: the lead is lost with the message`)
  return answer
}

const about = ({ provider }: Rig, name: string) => provider.received.filter(({ body }) => body.includes(name))

/** What the database keeps of a lead whose message was sent. */
async function footprintOfSent(rig: Rig, backend: Backend, person: Person): Promise<string> {
  const footprint = await watchFootprint(rig)
  await createInTime(backend, person, 'Sent')
  await rig.until('with a healthy provider no message is sent', async () => about(rig, 'Sent').length > 0)
  await sleep(1_500)
  return footprint(['Sent'])
}

/** Wait long where the database knows that a message is missing, shortly where it does not. */
async function untilSent(rig: Rig, sent: string[], name: string, known: boolean): Promise<void> {
  await rig.until('the message never arrives, although the provider is well again', async () => sent.includes(name), known ? 90_000 : 6_000)
}

export default defineGrader([
  {
    id: 'create-answers',
    tier: 'basic',
    text: 'While the provider hangs, leads.create answers within 6 s and the lead is stored.',
    async check(rig) {
      const person = await withPhone(rig)
      const backend = await rig.start()
      rig.provider.reply = () => 'hang'
      const { data } = await createInTime(backend, person, 'Hanging')
      assert.equal(data?.name, 'Hanging', 'leads.create no longer answers with the lead')
      const stored = await rig.sql('select 1 from leads where name = $1', ['Hanging'])
      assert.equal(stored.length, 1, `the lead is stored ${stored.length} times`)
    },
  },
  {
    id: 'others-stay-fast',
    tier: 'basic',
    text: 'With 30 leads created against a hanging provider, the list still answers within 2 s.',
    async check(rig) {
      const person = await withPhone(rig)
      const backend = await rig.start()
      rig.provider.reply = () => 'hang'
      const leads = Array.from({ length: 30 }, (_, index) => create(backend, person, `Queue ${index}`).catch(() => {}))
      await sleep(1_200)
      const started = Date.now()
      const answer = await backend.trpc('leads.list', { token: person.token, signal: AbortSignal.timeout(2_000) }).catch(() => undefined)
      assert.ok(answer?.status === 200, `leads.list has no answer after ${Date.now() - started} ms while the provider hangs`)
      await backend.kill('SIGKILL')
      await Promise.all(leads)
    },
  },
  {
    id: 'message-sent',
    tier: 'expert',
    text: 'With a healthy provider and two instances each lead gets one message, to the phone of its mentorado.',
    async check(rig) {
      const person = await withPhone(rig)
      const backends = [await rig.start(), await rig.start()]
      const names = ['Alba', 'Bruno', 'Celia', 'Diego', 'Elisa', 'Fabio']
      await Promise.all(names.map((name, index) => createInTime(backends[index % 2]!, person, name)))
      await rig.until('some lead gets no message', async () => names.every((name) => about(rig, name).length > 0))
      await sleep(2_500)
      for (const name of names) {
        const [first, ...more] = about(rig, name)
        assert.deepEqual(JSON.parse(first!.body), { to: '+5511987654321', text: `New lead: ${name}` }, 'the message changed')
        const again = more.filter((one) => !keyOf(one) || keyOf(one) !== keyOf(first!))
        assert.equal(again.length, 0, `${again.length + 1} messages for one lead`)
      }
    },
  },
  {
    id: 'no-open-transaction',
    tier: 'expert',
    text: 'No transaction is open while the provider is being called.',
    async check(rig) {
      const person = await withPhone(rig)
      const backend = await rig.start()
      rig.provider.reply = () => 'hang'
      const lead = create(backend, person, 'Open').catch(() => {})
      await rig.until('the provider is never called', async () => about(rig, 'Open').length > 0)
      for (let sample = 0; sample < 5; sample++) {
        await sleep(300)
        const open = await rig.sql(`select left(query, 60) as query from pg_stat_activity
          where datname = current_database() and pid <> pg_backend_pid() and xact_start < clock_timestamp() - interval '600 ms'`)
        assert.deepEqual(open, [], 'a transaction stays open while the provider is called')
      }
      await backend.kill('SIGKILL')
      await lead
    },
  },
  {
    id: 'sent-after-outage',
    tier: 'expert',
    text: 'A message that the provider refused with 503 is sent once the provider is well again.',
    async check(rig) {
      const person = await withPhone(rig)
      const backend = await rig.start()
      const before = await footprintOfSent(rig, backend, person)
      const sent: string[] = []
      const well = Date.now() + 2_000
      rig.provider.reply = () => (Date.now() < well ? { status: 503 } : (sent.push('Outage'), ok))
      const footprint = await watchFootprint(rig)
      await createInTime(backend, person, 'Outage')
      await sleep(400)
      await untilSent(rig, sent, 'Outage', (await footprint(['Outage'])) !== before)
    },
  },
  {
    id: 'sent-after-kill',
    tier: 'expert',
    text: 'A message whose process is killed while the provider hangs is sent after the restart.',
    async check(rig) {
      const person = await withPhone(rig)
      const first = await rig.start()
      const before = await footprintOfSent(rig, first, person)
      rig.provider.reply = () => 'hang'
      const footprint = await watchFootprint(rig)
      await createInTime(first, person, 'Killed')
      await first.kill('SIGKILL')
      assert.notEqual(await footprint(['Killed']), before, 'the database does not know that the message of a killed process is missing')
      const sent: string[] = []
      rig.provider.reply = ({ body }) => (body.includes('Killed') && sent.push('Killed'), ok)
      await rig.start()
      await untilSent(rig, sent, 'Killed', true)
    },
  },
  {
    id: 'waits-as-told',
    tier: 'expert',
    text: 'After 429 with Retry-After: 3 the next attempt comes after three seconds, and it does come.',
    async check(rig) {
      const person = await withPhone(rig)
      const backend = await rig.start()
      const before = await footprintOfSent(rig, backend, person)
      const sent: string[] = []
      rig.provider.reply = () =>
        about(rig, 'Busy').length === 1 ? { status: 429, headers: { 'retry-after': '3' } } : (sent.push('Busy'), ok)
      const footprint = await watchFootprint(rig)
      await createInTime(backend, person, 'Busy')
      await sleep(400)
      await untilSent(rig, sent, 'Busy', (await footprint(['Busy'])) !== before)
      const [first, second] = about(rig, 'Busy')
      const waited = second!.at - first!.at
      assert.ok(waited >= 2_800, `the next attempt comes after ${waited} ms, though the provider asked for three seconds`)
    },
  },
  {
    id: 'refused-once',
    tier: 'expert',
    text: 'A message that the provider refuses with 400 is not tried again, and the lead is kept.',
    async check(rig) {
      const person = await withPhone(rig)
      const backend = await rig.start()
      rig.provider.reply = () => ({ status: 400, body: { error: 'number not on whatsapp' } })
      await createInTime(backend, person, 'Refused')
      await sleep(6_000)
      assert.equal(about(rig, 'Refused').length, 1, `a message refused for good is tried ${about(rig, 'Refused').length} times`)
    },
  },
  {
    id: 'retries-carry-a-key',
    tier: 'expert',
    text: 'Attempts at one message carry one idempotency key, that of another lead a different one, and they are spaced.',
    async check(rig) {
      const person = await withPhone(rig)
      const backend = await rig.start()
      rig.provider.reply = () => ({ status: 500 })
      await Promise.all(['Keyed', 'Other'].map((name) => createInTime(backend, person, name)))
      await rig.until('the provider is never called', async () => about(rig, 'Keyed').length * about(rig, 'Other').length > 0)
      assert.ok(keyOf(about(rig, 'Keyed')[0]!), 'an attempt has no Idempotency-Key: a repeated one may be sent twice')
      await sleep(7_000)
      assert.equal(new Set(about(rig, 'Keyed').map(keyOf)).size, 1, 'attempts at one message carry different keys')
      assert.notEqual(keyOf(about(rig, 'Keyed')[0]!), keyOf(about(rig, 'Other')[0]!), 'two leads share one key: one message is lost')
      const tries = about(rig, 'Keyed').length
      assert.ok(tries <= 8, `${tries} attempts within seven seconds at a provider that answers 500`)
    },
  },
  {
    id: 'provider-text-hidden',
    tier: 'expert',
    text: 'What the provider says does not reach the client.',
    async check(rig) {
      const person = await withPhone(rig)
      const backend = await rig.start()
      rig.provider.reply = () => ({ status: 500, body: { error: 'wa-gateway-7 key=sk_9c1' } })
      const { text } = await create(backend, person, 'Hidden', AbortSignal.timeout(10_000))
      assert.doesNotMatch(text, /wa-gateway|sk_9c1/, 'the text of the provider reaches the client')
    },
  },
])
