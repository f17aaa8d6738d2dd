import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { expect, test } from 'vitest'
import { onBothVersions } from './both-versions.ts'
import { claimed } from './claims.ts'
import { guideDocuments } from './documents.ts'
import { blockedBy, effectsOf, whileConcurrent, type Effect } from './effects.ts'
import { abbreviations, lockRows, type LockClaim } from './lock-table.ts'
import { manualName } from './locks.ts'
import type { Server } from '../core/postgres.ts'

const schema = readFileSync(join(import.meta.dirname, 'schema.sql'), 'utf8')
const path = 'references/database-design.md'
const document = guideDocuments().find((one) => one.path === path)!
const rows = lockRows(document)

/** `run` after `before` was committed; the child is `leads`, the parent `mentorados`. */
interface Form {
  before?: string
  run: string
}

const check = 'alter table leads add constraint c check (email is not null)'
const fk = 'alter table leads add constraint fk foreign key (mentorado_id) references mentorados (id)'
const unreferenced = 'alter table leads drop constraint leads_mentorado_id_fkey'
const column = 'alter table leads add column x'

/** By the first column of the table, for each of its alternatives the statements that must behave so. */
const forms: Record<string, Form[][]> = {
  'add column, constant or now() default': [[
    { run: `${column} text` }, { run: `${column} boolean not null default false` },
    { run: `${column} timestamptz not null default now()` },
  ]],
  'add gen_random_uuid() default, identity, stored generated': [[
    { run: `${column} uuid default gen_random_uuid()` }, { run: `${column} bigint generated always as identity` },
    { run: `${column} text generated always as (lower(stage)) stored` },
  ]],
  'int→bigint, text→varchar(n)': [[
    { before: `${column} int default 1`, run: 'alter table leads alter column x type bigint' },
    { run: 'alter table leads alter column stage type varchar(20)' },
  ]],
  'add check': [[{ run: check }]],
  'set not null': [[{ run: 'alter table leads alter column email set not null' }]],
  'add FK / create table with FK': [
    [{ before: unreferenced, run: fk }],
    [{ run: 'create table tags (id bigint, mentorado_id bigint references mentorados (id))' }],
  ],
  'drop FK or its table': [[{ run: unreferenced }, { run: 'drop table leads' }]],
  'create / drop index': [
    [{ run: 'create index i on leads (stage)' }, { run: 'create unique index i on leads (mentorado_id, id)' }],
    [{ run: 'drop index leads_referred_by_id_idx' }],
  ],
  'rename, drop column': [[
    { run: 'alter table leads rename column phone to tel' }, { run: 'alter table leads rename to prospects' },
    { run: 'alter table leads drop column phone' },
  ]],
  'enum add value': [[{ run: "alter type user_role add value 'guest'" }]],
}

/** By change and safe form. `concurrently` cannot run in a transaction and has a test of its own. */
const safeForms: Record<string, Form> = {
  'int→bigint, text→varchar(n): varchar→text': {
    before: `${column} varchar(20) default 'a'`, run: 'alter table leads alter column x type text',
  },
  'add check: not valid': { run: `${check} not valid` },
  'add check: validate': { before: `${check} not valid`, run: 'alter table leads validate constraint c' },
  'set not null: validated check first': { before: check, run: 'alter table leads alter column email set not null' },
  'add FK / create table with FK: not valid': { before: unreferenced, run: `${fk} not valid` },
  'add FK / create table with FK: validate': {
    before: `${unreferenced}; ${fk} not valid`, run: 'alter table leads validate constraint fk',
  },
  'create / drop index: then add … using index': {
    before: 'create unique index i on leads (mentorado_id, id)',
    run: 'alter table leads add constraint i unique using index i',
  },
}

const stated = rows.flatMap(({ change, safe }) => Object.entries(safe).map(([form, claim]) => ({
  name: `${change}: ${form}`, claim,
})))

test('each row of the lock table, and each safe form with a lock, is executed here', () => {
  expect(rows.map(({ change }) => change)).toEqual(Object.keys(forms))
  for (const { change, claims } of rows) expect([change, claims.length]).toEqual([change, forms[change]!.length])
  expect(stated.map(({ name }) => name).filter((name) => !name.endsWith(': concurrently'))).toEqual(Object.keys(safeForms))
  expect(stated.map(({ name }) => name)).toContain('create / drop index: concurrently')
})

onBothVersions(schema, (server) => {
  test.each(rows.map((row) => [row.change, row] as const))('%s', async (change, { claims }) => {
    for (const [n, claim] of claims.entries()) {
      const found = await behaviours(server(), forms[change]?.[n] ?? [])
      expect(found.length).toBeGreaterThan(0)
      for (const [run, effects] of found) expect([run, effects]).toEqual([run, expected(claim)])
    }
  })

  const safe = stated.filter(({ name }) => name in safeForms)
    .map(({ name, claim }) => [name, safeForms[name]!, claim] as const)
  test.each(safe)('%s', async (_, form, claim) => {
    expect(await behaviours(server(), [form])).toEqual([[form.run, expected(claim)]])
  })

  const concurrent = [
    'create index concurrently i on leads (stage)', 'create unique index concurrently i on leads (mentorado_id, id)',
    'drop index concurrently leads_referred_by_id_idx',
  ]
  test.each(concurrent)('%s', (statement) => server().onCopy(async (client) => {
    const claim = rows.find(({ change }) => change === 'create / drop index')!.safe.concurrently!
    expect(await whileConcurrent(server(), client, statement)).toEqual({ mode: claim.mode, blocked: [] })
  }))

  test('validating a foreign key takes ROW SHARE on the parent', () => server().onCopy(async (client) => {
    claimed(path, '`validate` (SUE, scan; parent ROW SHARE)')
    await client.query(`${unreferenced}; ${fk} not valid`)
    const { mentorados } = await effectsOf(client, ['alter table leads validate constraint fk'], ['mentorados'])
    expect(mentorados!.mode).toBe('RowShareLock')
  }))

  const blocks: Record<string, ('reads' | 'writes')[]> = {
    AE: ['reads', 'writes'], SRE: ['writes'], S: ['writes'], SUE: [],
  }
  test('the locks block what the legend says', () => server().onCopy(async (client) => {
    claimed(path, 'AE = ACCESS EXCLUSIVE (blocks reads, writes); SRE = SHARE ROW EXCLUSIVE, S = SHARE (block writes); SUE = SHARE UPDATE EXCLUSIVE (blocks neither)')
    const names = abbreviations(document.text)
    const other = await server().connect(client.database!)
    for (const [short, mode] of names) {
      await client.query(`begin; lock table leads in ${manualName(mode)} mode`)
      expect([short, await blockedBy(other)]).toEqual([short, blocks[short]])
      await client.query('rollback')
    }
    expect([...names.keys()].sort()).toEqual(Object.keys(blocks).sort())
    await other.end()
  }))
})

/** What each form does, those without preparation on one copy. */
async function behaviours(server: Server, all: Form[]) {
  const tables = ['leads', 'mentorados']
  const plain = all.filter(({ before }) => !before)
  const onOneCopy = async (client: pg.Client) => {
    const found: [string, Record<string, Effect>][] = []
    for (const { run } of plain) found.push([run, await effectsOf(client, [run], tables)])
    return found
  }
  const found = plain.length ? await server.onCopy(onOneCopy) : []
  for (const { before, run } of all) {
    if (!before) continue
    found.push(await server.onCopy(async (client) => {
      await client.query(before)
      return [run, await effectsOf(client, [run], tables)]
    }))
  }
  return found
}

/** What the claim says of `leads` and `mentorados`. Without `both`, the parent is in nobody's way. */
function expected({ mode, does = 'instant', on }: LockClaim) {
  const effect = { ...(mode && { mode }), does }
  const untouched = { does: 'instant' }
  if (on === 'both') return { leads: expect.objectContaining(effect), mentorados: expect.objectContaining({ mode }) }
  if (on === 'parent') return { leads: untouched, mentorados: effect }
  return { leads: effect, mentorados: expect.not.objectContaining({ mode: 'AccessExclusiveLock' }) }
}
