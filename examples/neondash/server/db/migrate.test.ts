import { describe, expect, test } from 'bun:test'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import type pg from 'pg'
import { leads, mentorados, users } from '../../drizzle/schema'
import { withDatabase } from '../../test/start'
import { down, status, up } from './migrate'

const { db, directUrl, connect } = await withDatabase()
const client = await connect()
const cli = join(import.meta.dir, 'migrate.ts')

/** Every column, constraint, index and type that the migrations made. */
async function shape(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query(`
    select format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) as line
    from information_schema.columns where table_schema = 'public'
    union all select indexdef from pg_indexes where schemaname = 'public'
    union all select format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint
    where connamespace = 'public'::regnamespace
    union all select format('%s %s', enumtypid::regtype, enumlabel) from pg_enum
    order by 1`)
  return rows.map((row) => row.line)
}

/** A copy of the migrations with one more, `when` milliseconds from the last. */
async function folderWith(statements: string, { when = 1, back = true } = {}) {
  const folder = await mkdtemp(join(tmpdir(), 'neondash-migrations-'))
  await cp(join(import.meta.dir, '../../drizzle'), folder, { recursive: true })
  const path = join(folder, 'meta/_journal.json')
  const journal = JSON.parse(await readFile(path, 'utf8'))
  const entry = {
    idx: journal.entries.length,
    version: '7',
    when: journal.entries.at(-1).when + when,
    breakpoints: true,
  }
  journal.entries.push({ ...entry, tag: 'extra' })
  await writeFile(path, JSON.stringify(journal))
  await writeFile(join(folder, 'extra.sql'), statements)
  const journalRow = back ? `delete from drizzle.__drizzle_migrations where created_at = ${entry.when};` : ''
  await writeFile(join(folder, 'down/extra.sql'), `drop table if exists extra; ${journalRow}`)
  return { folder, [Symbol.asyncDispose]: () => rm(folder, { recursive: true }) }
}

async function run(...args: string[]) {
  const env = { ...process.env, DATABASE_URL: directUrl, DIRECT_DATABASE_URL: directUrl }
  const child = Bun.spawn([process.execPath, cli, ...args], { env, stdout: 'pipe', stderr: 'pipe' })
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
  return { out: out.trim(), err: err.trim(), code }
}

test('up → load → down → up ends where it began', async () => {
  const before = await shape(client)
  const [user] = await db.insert(users).values({ clerkId: 'u', email: 'u@example.com' }).returning()
  const [mentorado] = await db.insert(mentorados).values({ userId: user!.id }).returning()
  await db.insert(leads).values(
    Array.from({ length: 1000 }, (_, n) => ({
      mentoradoId: mentorado!.id,
      name: `Lead ${n}`,
      email: `${n}@example.com`,
    })),
  )
  expect(await down(client, 1)).toEqual(['0000_first'])
  expect(await shape(client)).toEqual([])
  expect(await up(client)).toEqual(['0000_first'])
  expect(await shape(client)).toEqual(before)
  expect(await up(client)).toEqual([])
})

test('every foreign key has an index', async () => {
  const { rows } = await client.query(`
    select conrelid::regclass::text, conname from pg_constraint c
    where contype = 'f' and connamespace = 'public'::regnamespace and not exists (
      select from pg_index i where i.indrelid = c.conrelid and i.indpred is null
        and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)`)
  expect(rows).toEqual([])
})

test('newest first has its index: no sort', async () => {
  await client.query(`
    insert into users (clerk_id, email) select 'many_' || n, n || '@example.com' from generate_series(1, 20) n;
    insert into mentorados (user_id) select id from users where clerk_id like 'many_%';
    insert into leads (mentorado_id, name) select m.id, 'Lead' from mentorados m, generate_series(1, 1000);
    analyze leads`)
  const { rows } = await db.execute(sql`explain (costs off)
    ${db
      .select({ id: leads.id })
      .from(leads)
      .where(sql`${leads.mentoradoId} = (select min(id) from mentorados)`)
      .orderBy(sql`${leads.createdAt} desc, ${leads.id} desc`)
      .limit(21)}`)
  const plan = JSON.stringify(rows)
  expect(plan).toContain('leads_mentorado_id_created_at_idx')
  expect(plan).not.toContain('Sort')
})

describe('up refuses', () => {
  test('a file whose turn has passed, which drizzle would skip in silence', async () => {
    await using late = await folderWith('create table extra (id int);', { when: -1 })
    expect((await status(client, late.folder)).map(({ state }) => state)).toContain('skipped')
    await expect(up(client, late.folder)).rejects.toThrow('extra was skipped')
  })

  test('a file that was edited after it ran', async () => {
    await using edited = await folderWith('create table extra (id int);')
    await up(client, edited.folder)
    await writeFile(join(edited.folder, 'extra.sql'), 'create table extra (id bigint);')
    await expect(up(client, edited.folder)).rejects.toThrow('extra was edited')
    await writeFile(join(edited.folder, 'extra.sql'), 'create table extra (id int);')
    expect(await down(client, 1, edited.folder)).toEqual(['extra'])
  })

  test('while another run holds the lock', async () => {
    const other = await connect()
    await other.query('select pg_advisory_lock(727001)')
    await expect(up(client)).rejects.toThrow('another migration is running')
    await other.query('select pg_advisory_unlock(727001)')
  })
})

test('a failing file leaves nothing behind', async () => {
  await using broken = await folderWith('create table extra (id int);--> statement-breakpoint\nselect 1/0;')
  await expect(up(client, broken.folder)).rejects.toThrow()
  expect((await status(client, broken.folder)).at(-1)?.state).toBe('pending')
  expect((await client.query("select to_regclass('extra') as name")).rows).toEqual([{ name: null }])
})

test('a way back that forgets its journal row is taken back itself', async () => {
  await using forgetful = await folderWith('create table extra (id int);', { back: false })
  await up(client, forgetful.folder)
  await expect(down(client, 1, forgetful.folder)).rejects.toThrow('must delete its row')
  expect((await client.query("select to_regclass('extra') as name")).rows).toEqual([{ name: 'extra' }])
  await client.query(
    'drop table extra; delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations)',
  )
})

test('a locked table is tried again, without queueing for long', async () => {
  await using waiting = await folderWith('alter table users add column extra int;')
  const holder = await connect()
  await holder.query('begin; lock table users in access share mode')
  const migrated = up(client, waiting.folder)
  await Bun.sleep(2_300)
  await holder.query('commit')
  expect(await migrated).toEqual(['extra'])
  await client.query(
    'alter table users drop column extra; delete from drizzle.__drizzle_migrations where id = (select max(id) from drizzle.__drizzle_migrations)',
  )
}, 15_000)

test('the command says what it did, and fails loudly', async () => {
  expect(await run('status')).toMatchObject({ out: 'applied\t0000_first', code: 0 })
  expect(await run('down', '1')).toMatchObject({ out: 'down\t0000_first', code: 0 })
  expect(await run('status')).toMatchObject({ out: 'pending\t0000_first', code: 0 })
  expect(await run('up')).toMatchObject({ out: 'up\t0000_first', code: 0 })
  expect(await run('sideways')).toMatchObject({
    err: 'usage: migrate.ts up | down <count> | status',
    code: 2,
  })
  const pooled = Bun.spawn([process.execPath, cli, 'up'], {
    env: {
      ...process.env,
      DATABASE_URL: 'postgres://u:p@ep-1-pooler.neon.tech/d',
      DIRECT_DATABASE_URL: undefined,
    },
    stderr: 'pipe',
  })
  expect(await pooled.stderr.text()).toStartWith('DIRECT_DATABASE_URL: needed')
  expect(await pooled.exited).toBe(1)
})
