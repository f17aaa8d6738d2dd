import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { defineGrader } from '../../outcome/criterion.ts'
import { unindexedKeys } from '../../outcome/database.ts'
import { lastLines, type Answer, type Backend } from '../../outcome/process.ts'
import type { Person, Rig } from '../../outcome/rig.ts'
import { assertWayBack, migrate, shapeOf } from '../../outcome/way-back.ts'

interface Item { id: number; name: string; createdAt: string; lastContactAt: string | null }

const big = 20_000

/**
 * Leads of `owner`, in another order than that of their times; the first of every three has no contact,
 * the others have two each. `step` is the time between two leads.
 */
async function seed({ sql }: Rig, owner: Person, count: number, step = '1 minute', name = 'mine'): Promise<void> {
  await sql(`with imported as (insert into imports (mentorado_id, file) values ($1, 'old.csv') returning id)
    insert into leads (mentorado_id, import_id, name, email, internal_note, created_at)
    select $1, imported.id, $4 || n, 'a@example.com', repeat('x', 600),
      timestamptz '2026-01-01' - ((n * 7919) % $2::int) * $3::interval
    from imported, generate_series(1, $2::int) n`, [owner.mentoradoId, count, step, name])
  await sql(`insert into contacts (lead_id, channel, created_at)
    select id, 'call', timestamptz '2026-02-01' + k * interval '1 hour' from leads, generate_series(1, 2) k
    where mentorado_id = $1 and id % 3 > 0`, [owner.mentoradoId])
}

/** A customer with `big` leads beside another one, as vacuumed as production is. */
async function bigCustomer(rig: Rig): Promise<Person> {
  const [customer, other] = [await rig.person(), await rig.person()]
  await seed(rig, customer, big)
  await seed(rig, other, 5000, '1 minute', 'foreign')
  await rig.sql('vacuum analyze')
  return customer
}

const ask = (backend: Backend, { token }: Person, input: Record<string, unknown> = {}, limit = 6000) =>
  backend.trpc('leads.list', { token, input, signal: AbortSignal.timeout(limit) }).catch((error: Error) => {
    if (error.name !== 'TimeoutError') throw error
    assert.fail(`leads.list does not answer within ${limit / 1000} s`)
  })

function pageOf({ status, data, text }: Answer): { items: Item[]; nextCursor: unknown } {
  assert.equal(status, 200, `leads.list is answered with ${status}: ${text.slice(0, 200)}`)
  assert.ok(Array.isArray(data?.items), 'leads.list returns no items')
  return data
}

/** All pages of `limit` leads; `between` runs after the first. Throws where they do not end. */
async function walk(backend: Backend, person: Person, limit: number, between?: () => Promise<void>): Promise<Item[]> {
  const all: Item[] = []
  let cursor: unknown
  for (let pages = 0; ; pages++) {
    assert.ok(pages < 100, 'the pages of leads.list do not end')
    const page = pageOf(await ask(backend, person, { limit, ...(cursor != null && { cursor }) }))
    assert.ok(page.items.length <= limit, `leads.list returns ${page.items.length} leads for limit ${limit}`)
    all.push(...page.items)
    if (page.nextCursor == null) return all
    cursor = page.nextCursor
    if (pages === 0) await between?.()
  }
}

function eachOnce(items: Item[], count: number): void {
  const distinct = new Set(items.map(({ id }) => id)).size
  assert.equal(items.length, distinct, `${items.length - distinct} leads are on two pages`)
  assert.equal(distinct, count, `the pages hold ${distinct} of ${count} leads`)
}

export default defineGrader([
  {
    id: 'page-fast',
    tier: 'basic',
    text: `The first pages of a customer with ${big} leads come within 2 s.`,
    async check(rig) {
      const customer = await bigCustomer(rig)
      const backend = await rig.start()
      let cursor: unknown
      const times: number[] = []
      for (let n = 0; n < 4; n++) {
        const start = performance.now()
        const page = pageOf(await ask(backend, customer, cursor ? { cursor } : {}))
        times.push(performance.now() - start)
        assert.equal(page.items.length, 50, `a page has ${page.items.length} leads, not 50`)
        cursor = page.nextCursor
      }
      times.sort((a, b) => a - b)
      assert.ok(times[1]! < 2000, `a page takes ${Math.round(times[1]!)} ms`)
    },
  },
  {
    id: 'right-leads',
    tier: 'basic',
    text: 'The pages still hold every lead of the customer once, newest first, with its last contact, and nobody else’s.',
    async check(rig) {
      const [customer, other] = [await rig.person(), await rig.person()]
      await seed(rig, customer, 130)
      await seed(rig, other, 130, '1 minute', 'foreign')
      const backend = await rig.start()
      const items = await walk(backend, customer, 50)
      assert.ok(items.every(({ name }) => name.startsWith('mine')), 'leads.list shows leads of another customer')
      eachOnce(items, 130)
      const want = await rig.sql(`select l.id, (select max(c.created_at) from contacts c where c.lead_id = l.id) as last
        from leads l where mentorado_id = $1 order by l.created_at desc`, [customer.mentoradoId])
      assert.deepEqual(items.map(({ id }) => id), want.map(({ id }) => id), 'the leads are not newest first')
      const time = (value: unknown) => (value == null ? null : new Date(value as string).getTime())
      assert.deepEqual(items.map(({ lastContactAt }) => time(lastContactAt)), want.map(({ last }) => time(last)),
        'lastContactAt is not the time of the last contact')
      const { nextCursor } = pageOf(await ask(backend, customer, { limit: 5 }))
      const foreign = await ask(backend, other, { limit: 5, cursor: nextCursor })
      assert.doesNotMatch(foreign.text, /mine/, 'with a cursor of another customer, leads.list shows their leads')
    },
  },
  {
    id: 'page-cost',
    tier: 'expert',
    text: 'A page takes a handful of statements and reads what it shows, not all leads of the customer, far down as well.',
    async check(rig) {
      const customer = await bigCustomer(rig)
      const backend = await rig.start()
      await rig.sql('create extension if not exists pg_stat_statements')
      let cursor: unknown
      for (let n = 0; n < 6; n++) {
        await rig.sql('select pg_stat_statements_reset(0, (select oid from pg_database where datname = current_database()), 0)')
        cursor = pageOf(await ask(backend, customer, { limit: 50, ...(cursor != null && { cursor }) })).nextCursor
        if (n === 0) continue
        const [cost] = await rig.sql(`select coalesce(sum(calls), 0)::int as calls, coalesce(sum(shared_blks_hit + shared_blks_read), 0)::int as blocks
          from pg_stat_statements where dbid = (select oid from pg_database where datname = current_database())
          and query not like '%pg_stat_statements%'`)
        assert.ok(cost.calls <= 12, `a page of 50 leads takes ${cost.calls} statements`)
        assert.ok(cost.blocks <= 1000, `a page of 50 leads reads ${cost.blocks} blocks of the database`)
      }
    },
  },
  {
    id: 'stable-under-inserts',
    tier: 'expert',
    text: 'Leads that arrive while somebody pages neither repeat nor hide others.',
    async check(rig) {
      const customer = await rig.person()
      await seed(rig, customer, 60)
      const items = await walk(await rig.start(), customer, 20, async () => {
        await rig.sql(`insert into leads (mentorado_id, name, email, created_at)
          select $1, 'late', 'late@example.com', now() from generate_series(1, 7)`, [customer.mentoradoId])
      })
      eachOnce(items.filter(({ name }) => name !== 'late'), 60)
    },
  },
  {
    id: 'same-time',
    tier: 'expert',
    text: 'Leads of the same time, or a microsecond apart, are each on one page.',
    async check(rig) {
      const [together, apart] = [await rig.person(), await rig.person()]
      await seed(rig, together, 55, '0 seconds')
      await seed(rig, apart, 55, '1 microsecond')
      const backend = await rig.start()
      for (const person of [together, apart]) eachOnce(await walk(backend, person, 10), 55)
    },
  },
  {
    id: 'input-bounded',
    tier: 'expert',
    text: 'No limit makes the page unbounded, and no limit or cursor a server error.',
    async check(rig) {
      const customer = await rig.person()
      await seed(rig, customer, 1500)
      const backend = await rig.start()
      const { status, data } = await ask(backend, customer, { limit: 1_000_000 }, 10_000)
      assert.ok(status < 500, `limit 1000000 is answered with ${status}`)
      assert.ok((data?.items?.length ?? 0) <= 1000, `limit 1000000 returns all ${data?.items?.length} leads`)
      for (const input of [{ limit: -5 }, { limit: 1.5 }, { cursor: 'nonsense' }]) {
        const answer = await ask(backend, customer, input)
        assert.ok(answer.status < 500, `${JSON.stringify(input)} is answered with ${answer.status}`)
      }
    },
  },
  {
    id: 'foreign-keys-indexed',
    tier: 'expert',
    text: 'Every foreign key has a valid index that begins with its columns.',
    async check(rig) {
      const missing = await unindexedKeys(rig)
      assert.ok(missing.length === 0, `foreign keys without index: ${missing.join(', ')}`)
    },
  },
  {
    id: 'writers-go-on',
    tier: 'expert',
    text: 'The migration does not make the import and the telephony integration wait, whatever else is running.',
    database: 'production',
    async check(rig) {
      const customer = await rig.person()
      await seed(rig, customer, 500)
      const before = await shapeOf(rig)
      const [running, writer] = [await rig.connect(), await rig.connect()]
      const writes = [
        `insert into imports (mentorado_id, file) values (${customer.mentoradoId}, 'new.csv')`,
        `insert into leads (mentorado_id, name, email) values (${customer.mentoradoId}, 'new', 'new@example.com')`,
        `insert into contacts (lead_id, channel) select min(id), 'call' from leads`,
      ]
      await running.query('begin')
      for (const write of writes) await running.query(write)
      const migration = rig.run(['bun', 'run', 'db:migrate'])
      let over = false
      void migration.then(() => (over = true))
      await writer.query(`set statement_timeout = '5s'`)
      for (const end = Date.now() + 6000; Date.now() < end && !over; await sleep(50)) {
        for (const write of writes) await writer.query(write).catch((error) => {
          if (error.code !== '57014') throw error
          assert.fail(`during the migration, this waits more than 5 s: ${write}`)
        })
      }
      await running.query('commit')
      const { code, output } = await migration
      if (code !== 0) await migrate(rig)
      assert.notDeepEqual(await shapeOf(rig), before, `db:migrate changes nothing: ${lastLines(output)}`)
    },
  },
  {
    id: 'way-back',
    tier: 'expert',
    text: 'The migration has a way back that restores the schema, and can be applied again.',
    database: 'production',
    async check(rig) {
      await seed(rig, await rig.person(), 50)
      await assertWayBack(rig)
    },
  },
])
