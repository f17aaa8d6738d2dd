import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { defineGrader } from '../../outcome/criterion.ts'
import type { Rig } from '../../outcome/rig.ts'

const snapshot = readFileSync(join(import.meta.dirname, 'broken/incident/snapshot.sql'), 'utf8')
const noTenant = `source = 'stripe' and body#>>'{data,object,metadata,mentoradoId}' is null`

interface Incident {
  /** Ids of the card events that the dead process held. */
  credited: string[]
  waiting: string[]
  poison: string
}

/** Load production as it was; the other service's lease is a live one. */
async function production({ client, sql }: Rig): Promise<Incident> {
  await client.query(snapshot)
  await sql(`update webhook_events set leased_until = now() + interval '4 minutes' where source = 'pix' and status = 'processing'`)
  const held = await sql(`select e.id, exists (select from credits c where c.event_id = e.id) as credited, ${noTenant} as poison
    from webhook_events e where source = 'stripe' and status = 'processing' order by received_at`)
  const ids = (which: (row: any) => boolean) => held.filter(which).map(({ id }) => id as string)
  return {
    credited: ids((row) => row.credited), waiting: ids((row) => !row.credited && !row.poison),
    poison: ids((row) => row.poison)[0]!,
  }
}

/** Run the fix once on a session of its own; returns its error, if any. */
async function attempt({ folder, databaseUrl }: Rig): Promise<string | undefined> {
  const file = join(folder, 'incident/fix.sql')
  assert.ok(existsSync(file), 'there is no incident/fix.sql')
  const session = new pg.Client({ connectionString: databaseUrl })
  session.on('error', () => {})
  await session.connect()
  const limit = AbortSignal.timeout(15_000)
  try {
    return await Promise.race([
      session.query(readFileSync(file, 'utf8')).then(() => undefined, (error) => String(error.message)),
      new Promise<string>((resolve) => limit.addEventListener('abort', () => resolve('hangs'), { once: true })),
    ])
  } finally {
    void session.end().catch(() => {})
  }
}

async function fix(rig: Rig): Promise<void> {
  const error = await attempt(rig)
  assert.equal(error, undefined, `incident/fix.sql fails: ${error}`)
}

const contents = ({ sql }: Rig, where = 'true') =>
  sql(`select t::text as row from webhook_events t where ${where} union all
    select t::text from credits t where ${where === 'true'} union all
    select t::text from payments t where ${where === 'true'} union all
    select t::text from mentorados t where ${where === 'true'} order by 1`)

/** Start the backend and wait until no card event is open. */
async function drain(rig: Rig) {
  const backend = await rig.start()
  await rig.until('with the backend running, card events still wait', async () => {
    const [row] = await rig.sql(`select count(*)::int as n from webhook_events where source = 'stripe' and status in ('pending', 'processing')`)
    return row.n === 0
  }, 8_000)
  return backend
}

/** Every card event that can be applied is credited once, and balances say the same. */
async function moneyIsRight({ sql }: Rig): Promise<void> {
  const wrong = await sql(`select e.id, (select count(*)::int from credits c where c.event_id = e.id) as credits
    from webhook_events e where source = 'stripe' and received_at > '2026-11-22' and not (${noTenant})
    and (select count(*) from credits c where c.event_id = e.id) <> 1`)
  assert.deepEqual(wrong, [], `events are credited more or less than once: ${wrong.map(({ id, credits }) => `${id} ${credits} times`).join(', ')}`)
  const balances = await sql(`select m.id from mentorados m
    where balance_cents <> (select coalesce(sum(amount_cents), 0) from credits c where c.mentorado_id = m.id)`)
  assert.deepEqual(balances, [], 'a balance is not the sum of its credits')
}

export default defineGrader([
  {
    id: 'drains',
    tier: 'basic',
    text: 'After the fix the backend applies what waits: no card event stays open and the waiting ones are credited.',
    async check(rig) {
      const { waiting } = await production(rig)
      await fix(rig)
      await drain(rig)
      const [row] = await rig.sql('select count(distinct event_id)::int as n from credits where event_id = any($1)', [waiting])
      assert.equal(row.n, waiting.length, 'events that waited behind the failing one are not credited')
    },
  },
  {
    id: 'report',
    tier: 'basic',
    text: 'The report names the events that the dead process held, by id.',
    async check(rig) {
      const { credited, waiting, poison } = await production(rig)
      const file = join(rig.folder, 'incident/report.md')
      assert.ok(existsSync(file), 'there is no incident/report.md')
      const report = readFileSync(file, 'utf8')
      const missing = [poison, ...credited, ...waiting].filter((id) => !report.includes(id))
      assert.deepEqual(missing, [], `the report does not name ${missing.join(', ')}`)
    },
  },
  {
    id: 'money-once',
    tier: 'expert',
    text: 'No payment is credited twice, also not those that were credited before the crash but never marked.',
    async check(rig) {
      await production(rig)
      await fix(rig)
      await drain(rig)
      await moneyIsRight(rig)
    },
  },
  {
    id: 'poison-set-aside',
    tier: 'expert',
    text: 'The event that crashes the worker is kept as dead for a person, unchanged, and the backend stays up.',
    async check(rig) {
      const { poison } = await production(rig)
      const [before] = await rig.sql('select body::text from webhook_events where id = $1', [poison])
      await fix(rig)
      const backend = await drain(rig)
      await sleep(1_000)
      assert.ok((await backend.fetch('/healthz').catch(() => undefined))?.ok, 'the backend is down again')
      const [after] = await rig.sql('select status, body::text from webhook_events where id = $1', [poison])
      assert.equal(after?.status, 'dead', `the event that cannot be applied is ${after?.status ?? 'deleted'}, not dead`)
      assert.equal(after.body, before.body, 'the body of the event was changed')
    },
  },
  {
    id: 'only-what-is-stuck',
    tier: 'expert',
    text: 'Events of the other service, finished ones and those already dead are not touched, and nothing is deleted.',
    async check(rig) {
      await production(rig)
      const others = `(source = 'pix' or status in ('done', 'dead'))`
      const before = await contents(rig, others)
      const [{ n }] = await rig.sql('select count(*)::int as n from webhook_events')
      await fix(rig)
      const after = new Set((await contents(rig)).map(({ row }) => row))
      const changed = before.filter(({ row }) => !after.has(row))
      assert.deepEqual(changed, [], `the fix changes ${changed.length} events that were not stuck`)
      const [left] = await rig.sql('select count(*)::int as n from webhook_events')
      assert.equal(left.n, n, 'the fix deletes events')
    },
  },
  {
    id: 'again-changes-nothing',
    tier: 'expert',
    text: 'Run a second time the fix changes nothing, and a batch that a living worker holds by then is left to it.',
    async check(rig) {
      await production(rig)
      await fix(rig)
      const [event] = await rig.sql(`select id from webhook_events where source = 'stripe' and status = 'pending' order by received_at limit 1`)
      assert.ok(event, 'after the fix no card event is left for the worker')
      await rig.sql(`update webhook_events set status = 'processing', leased_by = 'api-440', leased_until = now() + interval '4 minutes'
        where id = $1`, [event.id])
      const before = await contents(rig)
      await fix(rig)
      assert.deepEqual(await contents(rig), before, 'a second run changes rows, although nothing is stuck any more')
    },
  },
  {
    id: 'later-events',
    tier: 'expert',
    text: 'Events that came after the snapshot, another of the crashing kind included, do not stop the worker again.',
    async check(rig) {
      await production(rig)
      await rig.sql(`insert into webhook_events (id, source, body)
        select 'evt_late' || n, 'stripe', jsonb_build_object('id', 'evt_late' || n, 'object', 'event', 'type', 'payment_intent.succeeded',
          'data', jsonb_build_object('object', jsonb_build_object('id', 'pi_late' || n, 'object', 'payment_intent', 'amount', 1000 * n,
            'currency', 'brl', 'status', 'succeeded', 'metadata', case n when 2 then '{}'::jsonb else '{"mentoradoId": "2"}' end)))
        from generate_series(1, 3) as n`)
      await fix(rig)
      await drain(rig)
      const [late] = await rig.sql(`select count(*)::int as n from credits where event_id in ('evt_late1', 'evt_late3')`)
      assert.equal(late.n, 2, 'a second event of the crashing kind, newer than the snapshot, stops the worker again')
    },
  },
  {
    id: 'gives-way',
    tier: 'expert',
    text: 'Where somebody else holds a lock the fix ends within 15 s instead of queueing, and a later run completes it.',
    async check(rig) {
      const { waiting } = await production(rig)
      await rig.sql('begin')
      await rig.sql('select 1 from webhook_events where id = $1 for update', [waiting[0]])
      const error = await attempt(rig)
      await rig.sql('rollback')
      assert.notEqual(error, 'hangs', 'the fix waits for a lock without limit, and blocks others while it waits')
      await fix(rig)
      await drain(rig)
      await moneyIsRight(rig)
    },
  },
])
