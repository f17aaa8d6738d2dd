import assert from 'node:assert/strict'
import { randomBytes, randomUUID } from 'node:crypto'
import { defineGrader } from '../../outcome/criterion.ts'
import { age, alone, blocked, unindexedKeys } from '../../outcome/database.ts'
import type { Answer, Backend } from '../../outcome/process.ts'
import type { Person, Rig } from '../../outcome/rig.ts'

const lead = { name: 'Bia', email: 'bia@example.com' }

/** Create a lead as the web app does; without `key` as the import does. */
function create(backend: Backend, { token }: Pick<Person, 'token'>, key?: string, mutate: object = lead): Promise<Answer> {
  return backend.trpc('leads.create', { token, mutate, ...(key && { headers: { 'idempotency-key': key } }) })
}

function assertDone({ status, text, data }: Answer, what = 'leads.create'): { id: number } {
  assert.equal(status, 200, `${what} is answered with ${status}: ${text.slice(0, 160)}`)
  return data
}

/** Ids of the leads of `person`. */
async function leadsOf({ sql }: Rig, { mentoradoId }: Person): Promise<number[]> {
  return (await sql('select id from leads where mentorado_id = $1 order by id', [mentoradoId])).map(({ id }) => id)
}

/** Try again with the same key, as the web app does, until it is done; throws `message` after a while. */
async function retry(rig: Rig, backend: Backend, person: Person, key: string, message: string): Promise<{ id: number }> {
  const { data } = await rig.until(message, async () => {
    const answer = await create(backend, person, key)
    return answer.status === 200 && answer
  }, 6000)
  return data
}

export default defineGrader([
  {
    id: 'retry',
    tier: 'basic',
    text: 'A lead that is sent again with the same key is there once, and every answer is that lead.',
    async check(rig) {
      const [person, backend, key] = [await rig.person(), await rig.start(), randomUUID()]
      const first = assertDone(await create(backend, person, key))
      for (let attempt = 0; attempt < 2; attempt++) {
        const again = assertDone(await create(backend, person, key), 'a retry')
        assert.equal(again.id, first.id, 'a retry is answered with another lead')
      }
      assert.deepEqual(await leadsOf(rig, person), [first.id], 'a retry made another lead')
    },
  },
  {
    id: 'separate-forms',
    tier: 'basic',
    text: 'Two forms with the same content are two leads, and so are two calls without a key.',
    async check(rig) {
      const [person, backend] = [await rig.person(), await rig.start()]
      for (const key of [randomUUID(), randomUUID(), undefined, undefined]) assertDone(await create(backend, person, key))
      assert.equal((await leadsOf(rig, person)).length, 4, 'leads that were meant to be separate are missing')
    },
  },
  {
    id: 'at-once',
    tier: 'expert',
    text: 'The same key several times at once makes one lead; no answer is a server error or another lead.',
    async check(rig) {
      const [person, backend, key] = [await rig.person(), await rig.start(), randomUUID()]
      await rig.sql('begin')
      await rig.sql('lock table leads in share mode')
      const clicks = Array.from({ length: 6 }, () => create(backend, person, key))
      await blocked(rig, 2)
      await rig.sql('commit')
      const answers = await Promise.all(clicks)
      const [id, ...more] = await leadsOf(rig, person)
      assert.deepEqual(more, [], `${more.length + 1} leads of one key`)
      for (const { status, data, text } of answers) {
        // "Still running, try again" is an answer too, as long as the retry below gets the lead.
        if (status !== 409) assert.ok(data?.id === id, `of clicks at once, one is answered with ${status}: ${text.slice(0, 160)}`)
      }
      const later = await retry(rig, backend, person, key, 'a retry after clicks at once is never answered with the lead')
      assert.equal(later.id, id)
    },
  },
  {
    id: 'key-of-another-lead',
    tier: 'expert',
    text: 'A key used again for other input is refused: neither swallowed nor stored.',
    async check(rig) {
      const [person, backend, key] = [await rig.person(), await rig.start(), randomUUID()]
      const { id } = assertDone(await create(backend, person, key))
      const { status } = await create(backend, person, key, { name: 'Caio', email: 'caio@example.com' })
      assert.ok(status >= 400 && status < 500, `the same key with another lead is answered with ${status}`)
      assert.deepEqual(await leadsOf(rig, person), [id])
    },
  },
  {
    id: 'key-of-another-tenant',
    tier: 'expert',
    text: 'The same key of two mentorados is two leads, and neither sees that of the other.',
    async check(rig) {
      const [one, other, backend, key] = [await rig.person(), await rig.person(), await rig.start(), randomUUID()]
      const first = assertDone(await create(backend, one, key))
      const second = assertDone(await create(backend, other, key), 'the same key of another mentorado')
      assert.notEqual(second.id, first.id, 'a key shows the lead of another mentorado')
      assert.deepEqual([await leadsOf(rig, one), await leadsOf(rig, other)], [[first.id], [second.id]])
    },
  },
  {
    id: 'after-failure',
    tier: 'expert',
    text: 'A key whose first attempt failed can be tried again, and then makes the lead.',
    async check(rig) {
      const [person, backend, key] = [await rig.person(), await rig.start(), randomUUID()]
      await rig.sql(`create function refuse() returns trigger language plpgsql as 'begin raise exception ''disk full''; end';
        create trigger refuse before insert on leads for each row execute function refuse()`)
      const { status } = await create(backend, person, key)
      assert.ok(status >= 400, `an insert that fails is answered with ${status}`)
      await rig.sql('drop trigger refuse on leads')
      const { id } = await retry(rig, backend, person, key, 'after a failed attempt the key is refused for good')
      assert.deepEqual(await leadsOf(rig, person), [id], 'the retry is answered with a lead that is not there')
    },
  },
  {
    id: 'after-crash',
    tier: 'expert',
    text: 'A key whose first attempt died with the process can be tried again, at the latest a quarter of an hour later.',
    async check(rig) {
      const [person, first, key] = [await rig.person(), await rig.start(), randomUUID()]
      await rig.sql('begin')
      await rig.sql('lock table leads in share mode')
      const cut = create(first, person, key).catch(() => undefined)
      assert.ok(await blocked(rig, 1), 'leads.create does not write into leads')
      await first.kill('SIGKILL')
      await cut
      await rig.sql('commit')
      await alone(rig)
      await age(rig, 15)
      const { id } = await retry(rig, await rig.start(), person, key, 'after a crash the key is refused for good')
      assert.deepEqual(await leadsOf(rig, person), [id], 'after a crash the retry makes another lead, or none')
    },
  },
  {
    id: 'after-restart',
    tier: 'expert',
    text: 'A retry that arrives after a restart makes no second lead.',
    async check(rig) {
      const [person, first, key] = [await rig.person(), await rig.start(), randomUUID()]
      const { id } = assertDone(await create(first, person, key))
      await first.kill('SIGKILL')
      const again = assertDone(await create(await rig.start(), person, key), 'a retry')
      assert.equal(again.id, id, 'a retry after a restart is answered with another lead')
      assert.deepEqual(await leadsOf(rig, person), [id], 'a retry after a restart made another lead')
    },
  },
  {
    id: 'endless-key',
    tier: 'expert',
    text: 'A key of thousands of characters is no server error.',
    async check(rig) {
      const [person, backend] = [await rig.person(), await rig.start()]
      const { status, text } = await create(backend, person, randomBytes(3000).toString('base64url'))
      assert.ok(status < 500, `a key of 4,000 characters is answered with ${status}: ${text.slice(0, 160)}`)
    },
  },
  {
    id: 'foreign-keys-indexed',
    tier: 'expert',
    text: 'Every foreign key of the schema leads an index.',
    async check(rig) {
      assert.deepEqual(await unindexedKeys(rig), [], 'a foreign key has no index')
    },
  },
])
