import { describe, expect, test } from 'bun:test'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { folderWith } from '../../test/migrations'
import { withDatabase } from '../../test/start'
import { down, status, up } from './migrate'

const { directUrl, connect } = await withDatabase()
const client = await connect()
const cli = join(import.meta.dir, 'migrate.ts')
const newest = (await status(client)).at(-1)!.tag

async function run(...args: string[]) {
  const env = { ...process.env, DATABASE_URL: directUrl, DIRECT_DATABASE_URL: directUrl }
  const child = Bun.spawn([process.execPath, cli, ...args], { env, stdout: 'pipe', stderr: 'pipe' })
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
  return { out: out.trim(), err: err.trim(), code }
}

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
  const line = (state: string) => expect.stringMatching(new RegExp(`${state}\\t${newest}$`))
  expect(await run('status')).toMatchObject({ out: line('applied'), code: 0 })
  expect(await run('down', '1')).toMatchObject({ out: `down\t${newest}`, code: 0 })
  expect(await run('status')).toMatchObject({ out: line('pending'), code: 0 })
  expect(await run('up')).toMatchObject({ out: `up\t${newest}`, code: 0 })
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
}, 30_000)
