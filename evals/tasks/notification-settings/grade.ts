import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { defineGrader } from '../../outcome/criterion.ts'
import { withPrevious } from '../../outcome/previous.ts'
import { lastLines, type Answer, type Backend } from '../../outcome/process.ts'
import type { Rig } from '../../outcome/rig.ts'
import { assertWayBack, migrate } from '../../outcome/way-back.ts'

const initial = { emailEnabled: true, digestHour: 8, timezone: 'America/Sao_Paulo' }
const chosen = { emailEnabled: false, digestHour: 0, timezone: 'Europe/Lisbon' }

/** The three settings of an answer, whatever else it carries. Throws unless it is a 200. */
function settingsOf({ status, data, text }: Answer, what: string): typeof initial {
  assert.equal(status, 200, `${what} is answered with ${status}: ${text.slice(0, 200)}`)
  const { emailEnabled, digestHour, timezone } = data ?? {}
  return { emailEnabled, digestHour, timezone }
}

const get = async (backend: Backend, token: string) =>
  settingsOf(await backend.trpc('settings.get', { token }), 'settings.get')
const update = async (backend: Backend, token: string, mutate: Record<string, unknown>) =>
  settingsOf(await backend.trpc('settings.update', { token, mutate }), `settings.update ${JSON.stringify(mutate)}`)

/** Each of `inputs` is refused as bad input and changes nothing. */
async function refuses(rig: Rig, inputs: Record<string, unknown>[]): Promise<void> {
  const { token } = await rig.person()
  const backend = await rig.start()
  await update(backend, token, chosen)
  for (const mutate of inputs) {
    const { status } = await backend.trpc('settings.update', { token, mutate })
    assert.ok([400, 422].includes(status), `settings.update ${JSON.stringify(mutate)} is answered with ${status}`)
  }
  assert.deepEqual(await get(backend, token), chosen, 'an update that was refused changes something')
}

export default defineGrader([
  {
    id: 'settings-stored',
    tier: 'basic',
    text: 'What a customer chooses is stored and read back, also after a restart.',
    async check(rig) {
      const { token } = await rig.person()
      const first = await rig.start()
      assert.deepEqual(await update(first, token, chosen), chosen, 'settings.update does not return what was chosen')
      await first.kill('SIGKILL')
      assert.deepEqual(await get(await rig.start(), token), chosen, 'what was chosen is gone after a restart')
    },
  },
  {
    id: 'defaults',
    tier: 'basic',
    text: 'Who never chose has the defaults of the README, customers from before the change included.',
    database: 'production',
    async check(rig) {
      const old = await rig.person()
      await migrate(rig)
      const backend = await rig.start()
      const recent = await rig.person()
      for (const { token } of [old, recent]) {
        assert.deepEqual(await get(backend, token), initial, 'settings.get has not the defaults of the README')
        assert.deepEqual(await update(backend, token, { digestHour: 9 }), { ...initial, digestHour: 9 })
      }
    },
  },
  {
    id: 'partial-update',
    tier: 'expert',
    text: 'An update changes only what it names, false and 0 included.',
    async check(rig) {
      const { token } = await rig.person()
      const backend = await rig.start()
      await update(backend, token, { emailEnabled: false, digestHour: 22, timezone: 'Asia/Tokyo' })
      await update(backend, token, { digestHour: 0 })
      await update(backend, token, { timezone: 'Europe/Lisbon' })
      assert.deepEqual(await get(backend, token), chosen, 'an update of one setting resets another')
      await update(backend, token, { emailEnabled: true })
      assert.deepEqual(await get(backend, token), { ...chosen, emailEnabled: true }, 'an update of one setting resets another')
    },
  },
  {
    id: 'values-bounded',
    tier: 'expert',
    text: 'Hours outside 0–23, fractions and values of another type are refused.',
    check: (rig) => refuses(rig, [
      { digestHour: 24 }, { digestHour: -1 }, { digestHour: 7.5 }, { digestHour: 'noon' }, { emailEnabled: 'false' },
    ]),
  },
  {
    id: 'time-zone-checked',
    tier: 'expert',
    text: 'A time zone that does not exist is refused.',
    check: (rig) => refuses(rig, [{ timezone: 'Mars/Olympus' }, { timezone: '' }, { timezone: 'x'.repeat(5000) }]),
  },
  {
    id: 'own-settings-only',
    tier: 'expert',
    text: 'Nobody reads or changes the settings of others, whatever the input names; strangers get nothing.',
    async check(rig) {
      const [ana, bia, stranger] = [await rig.person(), await rig.person(), await rig.person()]
      await rig.sql('delete from mentorados where id = $1', [stranger.mentoradoId])
      const backend = await rig.start()
      await update(backend, ana.token, chosen)
      const named = { mentoradoId: ana.mentoradoId, userId: ana.userId, id: ana.mentoradoId, digestHour: 5 }
      await backend.trpc('settings.update', { token: bia.token, mutate: named })
      await update(backend, bia.token, { digestHour: 6 })
      assert.deepEqual(await get(backend, ana.token), chosen, 'a customer changes the settings of another')
      assert.deepEqual(await get(backend, bia.token), { ...initial, digestHour: 6 }, 'a customer gets the settings of another')
      for (const [token, status] of [[rig.forged(ana.clerkId), 401], [stranger.token, 403]] as const) {
        const answers = [await backend.trpc('settings.get', { token }), await backend.trpc('settings.update', { token, mutate: { digestHour: 1 } })]
        assert.deepEqual(answers.map((answer) => answer.status), [status, status], `somebody who is no customer is not answered with ${status}`)
      }
    },
  },
  {
    id: 'concurrent-updates',
    tier: 'expert',
    text: 'Updates of different settings at the same time all stay, a customer’s first ones included.',
    async check(rig) {
      const backend = await rig.start()
      const people = [await rig.person(), await rig.person(), await rig.person()]
      for (let round = 0; round < 8; round++) {
        const want = { emailEnabled: round % 2 === 1, digestHour: round + 10, timezone: round % 2 ? 'Asia/Tokyo' : 'Europe/Lisbon' }
        await Promise.all(people.map(async ({ token }) => {
          await Promise.all(Object.entries(want).map(([key, value]) => update(backend, token, { [key]: value })))
          assert.deepEqual(await get(backend, token), want, 'of updates at the same time, one undoes the other')
        }))
      }
    },
  },
  {
    id: 'extends-table',
    tier: 'expert',
    text: 'The settings are in a table that there was: no new one with a row per customer.',
    async check(rig) {
      const { token } = await rig.person()
      await update(await rig.start(), token, { timezone: 'Pacific/Chatham' })
      const tables = await rig.tablesWith('Pacific/Chatham')
      const before = ['users', 'mentorados', 'leads', 'payments'].map((name) => `public.${name}`)
      assert.ok(tables.some((name) => before.includes(name)),
        `the settings of a customer are in ${tables.join(', ') || 'no table'}, beside the table of customers`)
    },
  },
  {
    id: 'old-version-serves',
    tier: 'expert',
    text: 'The version before, which runs until it is replaced, goes on serving after the migration.',
    check: (rig) => withPrevious({ folder: import.meta.dirname }, async (previous) => {
      const { token, mentoradoId } = await rig.person()
      const backend = await rig.start({}, previous)
      const me = await backend.trpc('me.get', { token })
      assert.equal(me.data?.mentoradoId, mentoradoId, `the old version answers me.get with ${me.status}`)
      const created = await backend.trpc('leads.create', { token, mutate: { name: 'Lia', email: 'lia@example.com' } })
      assert.equal(created.status, 200, `the old version answers leads.create with ${created.status}`)
    }),
  },
  {
    id: 'way-back',
    tier: 'expert',
    text: 'The migration has a way back that restores the schema, and can be applied again.',
    database: 'production',
    async check(rig) {
      await rig.person()
      await assertWayBack(rig)
    },
  },
  {
    id: 'tested',
    tier: 'expert',
    text: 'Tests of the settings come with them, and pass.',
    async check(rig) {
      const { code, output } = await rig.run(['bun', 'test', 'server'])
      assert.equal(code, 0, `bun test server ends with ${code}: ${lastLines(output)}`)
      const tests = readdirSync(join(rig.folder, 'server'), { recursive: true, encoding: 'utf8' })
        .filter((path) => /[._](test|spec)\.[jt]sx?$/.test(path))
      assert.ok(tests.some((path) => /settings/i.test(readFileSync(join(rig.folder, 'server', path), 'utf8'))),
        'no test touches the settings')
    },
  },
])
