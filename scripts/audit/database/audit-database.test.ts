import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type pg from 'pg'
import { startEmbedded, startInstalled, type Server } from '../../core/postgres.ts'
import { auditDatabase } from './audit-database.ts'
import { databaseRegistry } from './registry.ts'

const config = { rules: {}, ignore: [] }
const urlOf = ({ user, password, host, port, database }: pg.Client) => `postgres://${user}:${password}@${host}:${port}/${database}`
const old = '/usr/lib/postgresql/15/bin'
const servers: [string, () => Promise<Server>][] = [['PostgreSQL 18', () => startEmbedded('')]]
if (existsSync(old)) servers.push(['PostgreSQL 15', () => startInstalled(old, '')])

interface Case {
  bad: string
  good: string
  /** Findings on `bad`; numbers that differ between servers are matched by the pattern. */
  expected: string | RegExp
}

const cases: Record<string, Case> = {
  'db-fk-without-index': {
    bad: "create table parent (id int primary key); create table child (id int primary key, parent_id int references parent);",
    good: "create table parent (id int primary key); create table child (id int primary key, parent_id int references parent); create index on child (parent_id);",
    expected: "child (parent_id) references parent and no valid index begins with it; create index concurrently on child (parent_id)",
  },
  'db-duplicate-index': {
    bad: "create table t (id int primary key, a int, b int); create index t_a on t (a); create index t_a_b on t (a, b);",
    good: "create table t (id int primary key, a int, b int); create index t_a on t (a) where b is null; create index t_b_a on t (b, a);",
    expected: /^t_a on t \(\d+ (?:kB|bytes)\) is covered by t_a_b; drop index concurrently t_a$/,
  },
  'db-unused-index': {
    bad: "create table t (id int primary key, a text); insert into t select n, repeat(md5(n::text), 4) from generate_series(1, 20000) n; create index t_a on t (a);",
    good: "create table t (id int primary key, a text); create index t_a on t (a);",
    expected: /^t_a on t \(\d+ [kM]B\) was not used since (?:the start|\d{4}-\d\d-\d\d); if replicas do not use it either, drop it$/,
  },
  'db-no-primary-key': {
    bad: "create table t (a int);",
    good: "create table t (a int primary key);",
    expected: "t has no primary key; add one",
  },
  'db-invalid': {
    bad: "create table t (id int primary key, a int); alter table t add constraint t_a check (a > 0) not valid;",
    good: "create table t (id int primary key, a int check (a > 0));",
    expected: "the constraint t_a of t is not validated; alter table t validate constraint t_a",
  },
  'db-sequence-overflow': {
    bad: "create table t (id serial primary key); select setval('t_id_seq', 2000000000);",
    good: "create table t (id bigserial primary key); select setval('t_id_seq', 2000000000);",
    expected: "the sequence public.t_id_seq of t.id is used to 93 %; move the column to bigint in time",
  },
  'db-timestamp-without-zone': {
    bad: "create table t (id int primary key, at timestamp, due timestamp);",
    good: "create table t (id int primary key, at timestamptz, day date);",
    expected: "t (at, due): timestamp without time zone; use timestamptz",
  },
  'db-money-float': {
    bad: "create table t (id int primary key, price float8, ratio float8);",
    good: "create table t (id int primary key, price numeric(12, 2), ratio float8);",
    expected: "t.price keeps money as double precision; use numeric or whole cents",
  },
  'db-bloat': {
    bad: "create table t (id int primary key) with (autovacuum_enabled = off); insert into t select generate_series(1, 20000); delete from t where id > 100; select pg_stat_force_next_flush();",
    good: 'create table t (id int primary key) with (autovacuum_enabled = off); insert into t select generate_series(1, 20000);',
    expected: /^t has 19900 dead beside 100 live rows, last vacuum never; find what holds vacuum back$/,
  },
}

describe.each(servers)('%s', (_, start) => {
  let server: Server
  beforeAll(async () => { server = await start() }, 120_000)
  afterAll(() => server?.stop())

  const findings = (setup: string, id: string) => server.onCopy(async (client) => {
    await client.query(setup)
    const { files } = await auditDatabase(urlOf(client), config, [id])
    return files[0]!.messages.map(({ reason }) => reason)
  })

  test.each(Object.entries(cases))('%s', async (id, { bad, good, expected }) => {
    const found = await findings(bad, id)
    expect(found).toEqual([typeof expected === 'string' ? expected : expect.stringMatching(expected)])
    expect(await findings(good, id)).toEqual([])
  })

  test('db-long-transaction', () => server.onCopy(async (client) => {
    const url = urlOf(client)
    const { query } = databaseRegistry.find(({ id }) => id === 'db-long-transaction')!
    expect((await auditDatabase(url, config, ['db-long-transaction'])).files[0]!.messages).toEqual([])
    const other = await server.connect(client.database!)
    await other.query('begin; select 1')
    const { rows } = await client.query(query.replace("interval '60 seconds'", "interval '0 seconds'"))
    await other.end()
    expect(rows).toEqual([expect.objectContaining({ state: 'idle in transaction' })])
  }))

  test('every query runs on a database with tables of its own, and nothing can be written', () => server.onCopy(async (client) => {
    await client.query('create table t (id int primary key)')
    const { files, rules } = await auditDatabase(urlOf(client), config)
    expect(rules).toBe(databaseRegistry.length)
    expect(files[0]!.messages.map(({ reason }) => reason)).toEqual([])
    const writing = { ...databaseRegistry[0]!, query: 'delete from t returning 1' }
    databaseRegistry.unshift(writing)
    const broken = await auditDatabase(urlOf(client), config, [writing.id])
    databaseRegistry.shift()
    expect(broken.files[0]!.messages[0]!.reason).toBe('not checked: the query did not end well (cannot execute DELETE in a read-only transaction); run it with more rights or at a quieter time')
  }))

  test('the one file does it as well, and hides the password', () => server.onCopy(async (client) => {
    await client.query('create table t (a int)')
    const script = join(import.meta.dirname, '../../audit.mjs')
    const { status, stdout, stderr } = spawnSync(process.execPath, [script, '--database', 'AUDIT_TEST_URL', '--format', 'github'], { encoding: 'utf8', env: { ...process.env, AUDIT_TEST_URL: urlOf(client) } })
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout).toContain('title=db-no-primary-key::t has no primary key; add one')
    expect(stdout).not.toContain(client.password!)
  }))
})

test.each([
  ['postgres://u:hidden@127.0.0.1:1/db', /^--database postgres:\/\/127\.0\.0\.1:1\/db: no connection \(.*ECONNREFUSED.*\); check address, password and network$/],
  ['NO_SUCH_VARIABLE', /^--database NO_SUCH_VARIABLE: the variable NO_SUCH_VARIABLE is not set; give a postgres:\/\/ URL/],
  ['not a url', /^--database: not a postgres:\/\/ URL/],
])('%s: one sentence', async (url, message) => {
  await expect(auditDatabase(url, config)).rejects.toThrow(message)
})
