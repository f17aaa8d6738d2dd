import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { defineGrader } from '../../outcome/criterion.ts'
import { withPrevious } from '../../outcome/previous.ts'
import { lastLines } from '../../outcome/process.ts'
import type { Person, Rig } from '../../outcome/rig.ts'
import { assertWayBack, migrate, migrateForward, shapeOf } from '../../outcome/way-back.ts'

const task = { folder: import.meta.dirname }
const rows = 20_000
const phone = '+5511912345678'
const lead = { name: 'Lia', email: 'lia@example.com' }

/** A customer with leads from before the change: 50 of their own, `rows` of others. */
async function production({ person, sql }: Rig): Promise<Person> {
  const [customer, other] = [await person(), await person()]
  const insert = `insert into leads (mentorado_id, name, email, internal_note)
    select $1, $2 || n, 'old@example.com', 'note-secret' from generate_series(1, $3::int) n`
  await sql(insert, [other.mentoradoId, 'foreign', rows])
  await sql(insert, [customer.mentoradoId, 'old', 50])
  return customer
}

/** Record every DDL statement after which its transaction has scanned `leads` and blocks its writers. */
const recordScans = `
  create schema grading;
  create table grading.scans (command text);
  create function grading.note() returns event_trigger language plpgsql as $$
  begin
    if pg_stat_get_xact_tuples_returned(to_regclass('public.leads')) >= ${rows} and exists (
      select from pg_locks where pid = pg_backend_pid() and relation = to_regclass('public.leads')
        and mode in ('ShareLock', 'ShareRowExclusiveLock', 'ExclusiveLock', 'AccessExclusiveLock'))
    then insert into grading.scans values (tg_tag);
    end if;
  end $$;
  create event trigger grading_note on ddl_command_end execute function grading.note();`

export default defineGrader([
  {
    id: 'phone-required',
    tier: 'basic',
    text: 'A new lead needs a phone, which is stored and listed.',
    async check(rig) {
      const { token } = await rig.person()
      const backend = await rig.start()
      const without = await backend.trpc('leads.create', { token, mutate: lead })
      assert.ok([400, 422].includes(without.status), `a lead without phone is answered with ${without.status}`)
      const created = await backend.trpc('leads.create', { token, mutate: { ...lead, phone } })
      assert.equal(created.status, 200, `a lead with phone is answered with ${created.status}: ${created.text.slice(0, 200)}`)
      const { data } = await backend.trpc('leads.list', { token })
      assert.equal(data?.length, 1, 'a lead that was refused is stored, or one that was accepted is not')
      assert.equal(String(data[0].phone).replace(/\D/g, ''), phone.slice(1), `leads.list shows the phone ${data[0].phone}`)
    },
  },
  {
    id: 'existing-leads-stay',
    tier: 'basic',
    text: 'With leads from before, the migration goes through, and they are listed.',
    database: 'production',
    async check(rig) {
      const { token } = await production(rig)
      await migrate(rig)
      const { status, data, text } = await (await rig.start()).trpc('leads.list', { token })
      assert.equal(status, 200, `leads.list is answered with ${status}: ${text.slice(0, 200)}`)
      assert.equal(data.length, 50, `leads.list shows ${data.length} of 50 leads from before the change`)
    },
  },
  {
    id: 'phone-checked',
    tier: 'expert',
    text: 'Nothing, blanks and endless digits are no phone.',
    async check(rig) {
      const { token } = await rig.person()
      const backend = await rig.start()
      for (const wrong of ['', '   ', '1'.repeat(5000), null]) {
        const { status } = await backend.trpc('leads.create', { token, mutate: { ...lead, phone: wrong } })
        assert.ok([400, 422].includes(status), `the phone ${JSON.stringify(wrong)?.slice(0, 20)} is answered with ${status}`)
      }
    },
  },
  {
    id: 'old-version-serves',
    tier: 'expert',
    text: 'The version before goes on creating and listing leads, during the migration and after it.',
    database: 'production',
    check: (rig) => withPrevious(task, async (previous) => {
      const { token } = await production(rig)
      const backend = await rig.start({}, previous)
      const use = async () => {
        const created = await backend.trpc('leads.create', { token, mutate: lead })
        assert.equal(created.status, 200, `the old version answers leads.create with ${created.status}: ${created.text.slice(0, 200)}`)
        const { status } = await backend.trpc('leads.list', { token })
        assert.equal(status, 200, `the old version answers leads.list with ${status}`)
      }
      let over = false
      const migration = migrateForward(rig).finally(() => (over = true))
      migration.catch(() => {})
      while (!over) await use().finally(() => sleep(50))
      await migration
      await use()
    }),
  },
  {
    id: 'no-long-lock',
    tier: 'expert',
    text: 'The migration neither rewrites the table, nor scans it while writers wait, nor updates all rows at once.',
    database: 'production',
    async check(rig) {
      await production(rig)
      await rig.sql(recordScans)
      const stateOf = async () => (await rig.sql(`select pg_relation_filenode('leads') as file, txid_current()::text as now`))[0]
      const before = await stateOf()
      await migrateForward(rig)
      assert.equal((await stateOf()).file, before.file, 'the migration rewrites the table under an exclusive lock')
      const scans = await rig.sql('select command from grading.scans')
      assert.deepEqual(scans, [], `the migration reads all rows while writers of leads wait (${scans[0]?.command})`)
      const [most] = await rig.sql(`select count(*)::int as n from leads where xmin::text::bigint > $1
        group by xmin::text order by 1 desc limit 1`, [before.now])
      assert.ok((most?.n ?? 0) < rows / 2, `one transaction of the migration updates ${most?.n} of ${rows} rows`)
    },
  },
  {
    id: 'gives-up-the-queue',
    tier: 'expert',
    text: 'Behind a transaction that reads for minutes, the migration does not make everybody else wait.',
    database: 'production',
    async check(rig) {
      await production(rig)
      const [report, others] = [await rig.connect(), await rig.connect()]
      await report.query('begin')
      await report.query('select count(*) from leads')
      const before = await shapeOf(rig)
      const migration = rig.run(['bun', 'run', 'db:migrate'])
      let over = false
      void migration.then(() => (over = true))
      await others.query(`set statement_timeout = '5s'`)
      for (const end = Date.now() + 6000; Date.now() < end && !over; await sleep(50)) {
        await others.query('select id from leads limit 1').catch((error) => {
          if (error.code !== '57014') throw error
          assert.fail('while the migration waits for a long reader, others wait more than 5 s for leads')
        })
      }
      await report.query('commit')
      const { code, output } = await migration
      if (code !== 0) await migrate(rig)
      assert.notDeepEqual(await shapeOf(rig), before, `db:migrate changes nothing: ${lastLines(output)}`)
    },
  },
  {
    id: 'way-back',
    tier: 'expert',
    text: 'The migration has a way back on which the old version works, and can be applied again.',
    database: 'production',
    check: (rig) => withPrevious(task, async (previous) => {
      const { token } = await production(rig)
      await assertWayBack(rig, undefined, async () => {
        const backend = await rig.start({}, previous)
        const { status, data } = await backend.trpc('leads.list', { token })
        assert.equal(status, 200, `after the way back, the old version answers leads.list with ${status}`)
        assert.equal(data.length, 50, `after the way back, ${50 - data.length} leads are gone`)
        const created = await backend.trpc('leads.create', { token, mutate: lead })
        assert.equal(created.status, 200, `after the way back, the old version answers leads.create with ${created.status}`)
        await backend.kill()
      })
    }),
  },
  {
    id: 'list-shows-no-more',
    tier: 'expert',
    text: 'The list stays the customer’s own, bounded, and without internal notes.',
    async check(rig) {
      const { token, mentoradoId } = await production(rig)
      await rig.sql(`insert into leads (mentorado_id, name, email) select $1, 'old', 'old@example.com' from generate_series(1, 300)`, [mentoradoId])
      const { status, text, data } = await (await rig.start()).trpc('leads.list', { token })
      assert.equal(status, 200, `leads.list is answered with ${status}`)
      assert.doesNotMatch(text, /note-secret/, 'leads.list shows internal notes')
      assert.doesNotMatch(text, /foreign/, 'leads.list shows leads of another customer')
      assert.ok(data.length <= 100, `leads.list shows ${data.length} leads, before the change at most 100`)
    },
  },
])
