import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { onBothVersions } from './both-versions.ts'
import { claimed } from './claims.ts'
import { effectsOf } from './effects.ts'
import { planOf } from './plan.ts'
import { statementWith } from './statements.ts'

/** 80,000 leads of 200 tenants, and 20,000 messages of which 20 are due. */
const volume = `
  insert into leads (mentorado_id, name, email, created_at)
  select 1 + n % 200, 'Lead ' || n, 'more' || n || '@example.com', timestamptz '2026-11-20 12:00Z' - n * interval '1 minute'
  from generate_series(1, 60000) n;
  insert into outbox (topic, dedup_key, payload, sent_at)
  select 'lead.created', 'k' || n, '{}', case when n % 1000 > 0 then now() end from generate_series(1, 20000) n;`
const schema = readFileSync(join(import.meta.dirname, 'schema.sql'), 'utf8')
const design = 'references/database-design.md'
const principles = 'references/code-principles.md'
const page = 'leads_mentorado_id_created_at_idx'
const newest = 'select id from leads where mentorado_id = 7 order by created_at desc, id desc limit 21'

const keyset = async () => (await statementWith(design, 'explain (analyze, buffers)')).replace('explain (analyze, buffers)', '')
const detector = () => statementWith(design, 'with fk as (')

onBothVersions(schema + volume, (server) => {
  let client: pg.Client
  beforeAll(async () => {
    client = await server().connect(server().template)
    await client.query('checkpoint') // what is not on disk yet, vacuum does not call visible
    await client.query('vacuum analyze leads, outbox')
  }, 120_000)
  afterAll(async () => client.end())

  /** What `sql` returns after `change`; both are rolled back. */
  async function rowsAfter(change: string, sql: string): Promise<Record<string, unknown>[]> {
    await client.query('begin')
    try {
      await client.query(change)
      return (await client.query(sql)).rows
    } finally {
      await client.query('rollback')
    }
  }

  test('a page by keyset seeks all its keys and does not sort', async () => {
    claimed(design, 'Accept: keys in `Index Cond`, no `Sort`.')
    const { nodes, types } = await planOf(client, await keyset())
    expect(types.filter((type) => type.includes('Sort'))).toEqual([])
    const scan = nodes.find((node) => node['Index Name'] === page)
    expect(scan?.['Index Cond']).toMatch(/mentorado_id = 7.*ROW\(created_at, id\) < ROW/)
  })

  test('a text column of the same name is what "order by" sorts', async () => {
    claimed(design, 'Without `as at` the text column takes the name `created_at`, and `order by` sorts by it.')
    const { types } = await planOf(client, (await keyset()).replace('as at ', ''))
    expect(types.some((type) => type.includes('Sort'))).toBe(true)
  })

  test('the same by "or" seeks by tenant only', async () => {
    claimed(design, '`a < x or (a = x and b < y)` seeks by tenant only.')
    const { nodes } = await planOf(client, `
      select id from leads where mentorado_id = 7
      and (created_at < '2026-11-20' or (created_at = '2026-11-20' and id < 5000))
      order by created_at desc, id desc limit 21`)
    expect(nodes.find((node) => node['Index Name'] === page)?.['Index Cond']).toBe('(mentorado_id = 7)')
  })

  test('keyset, not offset: an offset reads what it leaves out', async () => {
    claimed(design, 'keyset, not offset:')
    const read = async (sql: string) => {
      const { nodes } = await planOf(client, sql, { analyze: true })
      return nodes.find((node) => node['Relation Name'] === 'leads')!['Actual Rows']!
    }
    expect(await read(await keyset())).toBe(21)
    expect(await read(`${newest} offset 200`)).toBe(221)
  })

  const directions: [columns: string, sorts: boolean, backward: boolean][] = [
    ['created_at desc nulls last, id desc nulls last', true, false],
    ['created_at desc nulls first, id desc nulls first', false, false],
    ['created_at, id', false, true],
    ['created_at desc, id asc', true, false],
  ]
  test.each(directions)('an index on (tenant, %s), newest first', async (columns, sorts, backward) => {
    claimed(design, '**An index column `.desc()` generates `DESC NULLS LAST`, but `orderBy(desc(…))` puts NULLs first: the plan sorts**, even if NOT NULL. Write `.desc().nullsFirst()`, or an ascending index (read backwards).')
    claimed('references/api-patterns.md', 'Index `(mentorado_id, created_at desc, id desc)`')
    const after = [`drop index ${page}`, `create index ${page} on leads (mentorado_id, ${columns})`]
    const { nodes, types } = await planOf(client, newest, { after })
    expect(types.some((type) => type.includes('Sort'))).toBe(sorts)
    expect(nodes.some((node) => node['Scan Direction'] === 'Backward')).toBe(backward)
  })

  test('a partial index serves a hot minority', async () => {
    claimed(design, 'Partial index for a hot minority (`where sent_at is null`)')
    const due = 'select id from outbox where sent_at is null order by next_attempt_at limit 10'
    expect((await planOf(client, due)).nodes.map((node) => node['Index Name'])).toContain('outbox_due_idx')
    const { rows } = await client.query("select pg_relation_size('outbox_due_idx') * 20 < pg_relation_size('outbox_pkey') as small")
    expect(rows).toEqual([{ small: true }])
  })

  test('deleting a parent scans the child unless its FK is indexed; "Trigger for constraint" shows it', async () => {
    claimed(design, 'for writes in `begin … rollback` read `Trigger for constraint … time=` (unindexed FK)')
    claimed(principles, 'Parent delete scans; FK makes no index')
    claimed('SKILL.md', "The parent's delete scans the child today.")
    const remove = "delete from payments where provider_ref = 'pi_1'"
    const column = 'alter table leads add column payment_id bigint references payments (id)'
    const index = 'create index leads_payment_id_idx on leads (payment_id)'
    expect((await planOf(client, remove, { after: [column], analyze: true })).triggers).toEqual(['leads_payment_id_fkey'])
    const childRead = async (...before: string[]) => {
      await client.query('begin')
      try {
        for (const statement of before) await client.query(statement)
        const read = "select coalesce(sum(seq_tup_read), 0)::int as n from pg_stat_xact_user_tables where relname = 'leads'"
        const was = (await client.query(read)).rows[0].n
        await client.query(remove)
        return (await client.query(read)).rows[0].n - was
      } finally {
        await client.query('rollback')
      }
    }
    expect(await childRead(column)).toBe(80_000)
    expect(await childRead(column, index)).toBe(0)
  })

  test('the detector names the unindexed FK, and the column that is only named so', async () => {
    claimed(design, '-- unindexed FKs, declared or only named so (judge external ids)')
    const leads = async (change: string) => (await rowsAfter(change, await detector()))
      .filter(({ rel }) => rel === 'leads').map((row) => row.array)
    expect(await leads('select 1')).toEqual([])
    const columns = 'alter table leads add column mentor_id bigint references mentors (id), add column campaign_id text'
    expect((await leads(columns)).sort()).toEqual(['{campaign_id}', '{mentor_id}'])
  })

  test('the detectors name unused and redundant indexes', async () => {
    claimed(design, '-- redundant?')
    claimed(design, '-- unused (counters may restart)')
    const index = 'create index redundant_idx on leads (mentorado_id)'
    expect(await rowsAfter(index, await statementWith(design, 'covered_by'))).toContainEqual({
      indexrelid: 'redundant_idx', covered_by: page,
    })
    expect(await rowsAfter(index, await statementWith(design, 'where idx_scan = 0'))).toContainEqual({ indexrelid: 'redundant_idx' })
  })

  test('a key that is the foreign key needs no further index', async () => {
    claimed(principles, 'Then its primary key *is* the foreign key: no surrogate id, no extra index.')
    const satellite = await statementWith(principles, 'create table mentorado_whatsapp_secrets')
    const found = (await rowsAfter(satellite, await detector())).map(({ rel }) => rel)
    expect(found).not.toContain('mentorado_whatsapp_secrets')
  })

  test('a column with a constant default rewrites nothing', async () => {
    claimed(principles, '-- constant default: no rewrite')
    const add = await statementWith(principles, 'add column consent')
    expect((await effectsOf(client, [add], ['leads'])).leads!.does).toBe('instant')
  })

  test('"include" spares the heap until rows change', async () => {
    claimed(design, '`include (…)` while `Heap Fetches` stays low')
    const index = 'create index i on leads (mentorado_id, created_at) include (name)'
    const names = 'select name from leads where mentorado_id = 7 order by created_at limit 21'
    const read = async (...more: string[]) => {
      const { nodes } = await planOf(client, names, { after: [index, ...more], analyze: true })
      return nodes.find((node) => node['Index Name'] === 'i')
    }
    expect(await read()).toMatchObject({ 'Node Type': 'Index Only Scan', 'Heap Fetches': 0 })
    expect(await read('update leads set name = upper(name) where mentorado_id = 7')).toMatchObject({
      'Heap Fetches': expect.toSatisfy((fetches: number) => fetches >= 21),
    })
  })
})
