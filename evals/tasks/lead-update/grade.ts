import assert from 'node:assert/strict'
import { defineGrader } from '../../outcome/criterion.ts'
import { blocked } from '../../outcome/database.ts'
import type { Answer, Backend } from '../../outcome/process.ts'
import type { Person, Rig } from '../../outcome/rig.ts'

const note = 'note-of-the-staff'

/** Insert a lead with a note of the staff; returns its id. */
async function leadOf({ sql }: Rig, { mentoradoId }: Person, email = 'bia@example.com'): Promise<number> {
  const [lead] = await sql(
    'insert into leads (mentorado_id, name, email, internal_note) values ($1, $2, $3, $4) returning id',
    [mentoradoId, 'Bia', email, note],
  )
  return lead.id
}

const stored = async ({ sql }: Rig, id: number) =>
  (await sql('select name, email, status, mentorado_id, internal_note from leads where id = $1', [id]))[0]

/** A backend, a person signed in and a lead of theirs. */
async function setUp(rig: Rig) {
  const [person, backend] = [await rig.person(), await rig.start()]
  return { person, backend, id: await leadOf(rig, person), update: updater(backend, person.token) }
}

function updater(backend: Backend, token?: string) {
  return (mutate: object): Promise<Answer> => backend.trpc('leads.update', { token, mutate })
}

function assertDone({ status, text }: Answer): void {
  assert.equal(status, 200, `leads.update is answered with ${status}: ${text.slice(0, 160)}`)
}

/** Throws where the update is not refused as the caller's fault. */
function assertRefused({ status, text }: Answer, what: string): void {
  assert.ok(status >= 400 && status < 500, `${what} is answered with ${status}: ${text.slice(0, 160)}`)
}

/** Throws where there is no `leads.update` yet, so that its refusals say nothing. */
async function assertWritten({ update, id }: Awaited<ReturnType<typeof setUp>>): Promise<void> {
  assertDone(await update({ id, name: 'Bia' }))
}

export default defineGrader([
  {
    id: 'edits',
    tier: 'basic',
    text: 'A lead can be renamed and given another e-mail; the answer and the list show it, the rest stays.',
    async check(rig) {
      const { id, update, backend, person } = await setUp(rig)
      const renamed = await update({ id, name: 'Beatriz' })
      assertDone(renamed)
      assert.equal(renamed.data.name, 'Beatriz', 'the answer does not show the new name')
      assertDone(await update({ id, email: 'beatriz@example.com' }))
      const { name, email, status } = await stored(rig, id)
      assert.deepEqual({ name, email, status }, { name: 'Beatriz', email: 'beatriz@example.com', status: 'new' })
      const [listed] = (await backend.trpc('leads.list', { token: person.token })).data
      assert.equal(listed.name, 'Beatriz', 'the list does not show the new name')
    },
  },
  {
    id: 'moves',
    tier: 'basic',
    text: 'A lead can be moved to each of the statuses; its name stays.',
    async check(rig) {
      const { id, update } = await setUp(rig)
      for (const status of ['contacted', 'won', 'lost', 'new']) {
        assertDone(await update({ id, status }))
        const row = await stored(rig, id)
        assert.deepEqual([row.status, row.name], [status, 'Bia'])
      }
    },
  },
  {
    id: 'other-tenant',
    tier: 'expert',
    text: 'A lead of somebody else is refused like one that does not exist for the caller, and stays as it is.',
    async check(rig) {
      const own = await setUp(rig)
      await assertWritten(own)
      const id = await leadOf(rig, await rig.person())
      const { status, text } = await own.update({ id, name: 'Stolen', status: 'lost' })
      assert.ok(status === 404 || status === 403, `another mentorado's lead is answered with ${status}`)
      assert.doesNotMatch(text, /bia@example\.com/, 'the answer shows what another mentorado wrote')
      assert.equal((await stored(rig, id)).name, 'Bia', 'another mentorado can rename the lead')
    },
  },
  {
    id: 'hidden-fields',
    tier: 'expert',
    text: 'What the staff wrote and whose lead it is: the answer does not show the one, the caller can set neither.',
    async check(rig) {
      const { id, update, person } = await setUp(rig)
      const answer = await update({ id, status: 'contacted' })
      assertDone(answer)
      assert.ok(!answer.text.includes(note), 'the answer of leads.update holds internal_note')
      const other = (await rig.person()).mentoradoId
      await update({ id, name: 'Bia', mentoradoId: other, mentorado_id: other, internalNote: 'mine', internal_note: 'mine' })
      const row = await stored(rig, id)
      assert.deepEqual([row.mentorado_id, row.internal_note], [person.mentoradoId, note])
    },
  },
  {
    id: 'bounded',
    tier: 'expert',
    text: 'Empty and endless names, what is no e-mail and impossible ids are refused and not stored; no change is no 500.',
    async check(rig) {
      const own = await setUp(rig)
      await assertWritten(own)
      const { id, update } = own
      const before = await stored(rig, id)
      const changes = [
        { name: '' }, { name: 'x'.repeat(50_000) }, { name: null }, { email: 'nobody' },
        { email: `${'x'.repeat(5000)}@example.com` }, { id: 3_000_000_000, name: 'x' }, { id: 1.5, name: 'x' },
      ]
      for (const change of changes) assertRefused(await update({ id, ...change }), JSON.stringify(change).slice(0, 60))
      const { status, text } = await update({ id })
      assert.ok(status < 500, `an update without a change is answered with ${status}: ${text.slice(0, 160)}`)
      assert.deepEqual(await stored(rig, id), before, 'a refused change is stored')
    },
  },
  {
    id: 'known-statuses',
    tier: 'expert',
    text: 'A status that does not exist is refused with 400.',
    async check(rig) {
      const { id, update } = await setUp(rig)
      const { status } = await update({ id, status: 'banana' })
      assert.equal(status, 400, `status "banana" is answered with ${status}`)
      assert.equal((await stored(rig, id)).status, 'new')
    },
  },
  {
    id: 'taken-email',
    tier: 'expert',
    text: 'An e-mail that another lead has is a conflict (409) told without SQL; the own one is none.',
    async check(rig) {
      const { id, update, person } = await setUp(rig)
      await leadOf(rig, person, 'taken@example.com')
      const { status, text } = await update({ id, email: 'taken@example.com' })
      assert.equal(status, 409, `a taken e-mail is answered with ${status}: ${text.slice(0, 160)}`)
      assert.doesNotMatch(text, /failed query|params:|duplicate key|_idx|set "/i, 'the conflict tells of the database')
      assert.equal((await stored(rig, id)).email, 'bia@example.com')
      assertDone(await update({ id, email: 'bia@example.com', name: 'Beatriz' }))
    },
  },
  {
    id: 'at-once',
    tier: 'expert',
    text: 'Two edits of one lead at the same time both stay.',
    async check(rig) {
      const { id, update } = await setUp(rig)
      await rig.sql('begin')
      await rig.sql('select from leads where id = $1 for update', [id])
      const edits = [update({ id, name: 'Beatriz' }), update({ id, status: 'won' })]
      await blocked(rig, 2)
      await rig.sql('commit')
      for (const answer of await Promise.all(edits)) assertDone(answer)
      const { name, status } = await stored(rig, id)
      assert.deepEqual({ name, status }, { name: 'Beatriz', status: 'won' }, 'one edit undoes the other')
    },
  },
  {
    id: 'signed-in',
    tier: 'expert',
    text: 'Without a session leads.update answers 401, without a clinic 403.',
    async check(rig) {
      const { id, backend } = await setUp(rig)
      const nobody = await updater(backend)({ id, name: 'x' })
      assert.equal(nobody.status, 401, `without a session leads.update is answered with ${nobody.status}`)
      await rig.sql(`insert into users (clerk_id, name) values ('user_without', 'Caio')`)
      const without = await updater(backend, rig.token('user_without'))({ id, name: 'x' })
      assert.equal(without.status, 403, `without a clinic leads.update is answered with ${without.status}`)
    },
  },
  {
    id: 'as-before',
    tier: 'expert',
    text: 'Creating and listing leads works as before, without the notes of the staff.',
    async check(rig) {
      const { backend, person: { token } } = await setUp(rig)
      const made = await backend.trpc('leads.create', { token, mutate: { name: 'Davi', email: 'davi@example.com' } })
      assert.equal(made.status, 200, `leads.create is answered with ${made.status}`)
      const { data, text } = await backend.trpc('leads.list', { token })
      assert.deepEqual(data.map(({ name }: { name: string }) => name), ['Davi', 'Bia'])
      assert.deepEqual(Object.keys(data[0]).sort(), ['createdAt', 'email', 'id', 'name', 'status'])
      assert.ok(!text.includes(note), 'leads.list holds internal_note')
    },
  },
])
