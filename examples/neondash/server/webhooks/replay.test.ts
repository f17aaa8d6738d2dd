import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { sql } from 'drizzle-orm'
import { users } from '../../drizzle/schema'
import { testDeps, testVariables, withDatabase } from '../../test/start'
import { userEvent, work } from '../../test/webhooks'
import { store } from './inbox'

const { db, url, env: own } = await withDatabase()
const cli = join(import.meta.dir, 'replay.ts')

async function run(...args: string[]) {
  const env = {
    ...process.env,
    ...testVariables,
    DATABASE_URL: url,
    DATABASE_POOLED: String(own.DATABASE_POOLED),
  }
  const child = Bun.spawn([process.execPath, cli, ...args], { env, stdout: 'pipe', stderr: 'pipe' })
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
  return { out: out.trim(), err: err.trim(), code }
}

const statuses = async () =>
  Object.fromEntries(
    (await db.query.integrationEvents.findMany()).map(({ eventId, status }) => [eventId, status]),
  )

test('dead events are counted, then replayed by a named person, audited, and processed', async () => {
  const [admin] = await db
    .insert(users)
    .values([
      { clerkId: 'user_admin', email: 'admin@example.com', role: 'admin' },
      { clerkId: 'user_ana', email: 'ana@example.com', role: 'mentorado' },
    ])
    .returning()
  for (const [eventId, type] of [
    ['msg_1', 'user.updated'],
    ['msg_2', 'user.updated'],
    ['msg_3', 'user.deleted'],
    ['msg_4', 'user.updated'],
  ] as const)
    await store(db, 'clerk', {
      eventId,
      type,
      payload: userEvent('user.updated', eventId, 'x@example.com', 1_000),
    })
  await db.execute(
    sql`update integration_events set status = 'dead', attempts = 8, last_error = 'Error 23503' where event_id <> 'msg_4'`,
  )
  const before = await statuses()
  const which = ['--source', 'clerk', '--type', 'user.updated', '--status', 'dead']

  expect(await run(...which)).toMatchObject({ code: 0, out: '2 would be replayed; --write does it' })
  expect(await run(...which, '--write')).toMatchObject({ code: 2, err: expect.stringContaining('--actor') })
  expect(await run(...which, '--write', '--actor', 'ana@example.com')).toMatchObject({
    code: 1,
    err: 'ana@example.com is no admin or mentor',
  })
  expect(await statuses()).toEqual(before)
  expect(await db.query.auditLog.findMany()).toEqual([])

  expect(await run(...which, '--write', '--actor', 'admin@example.com')).toMatchObject({
    code: 0,
    out: '2 replayed',
  })
  expect(await statuses()).toEqual({ msg_1: 'pending', msg_2: 'pending', msg_3: 'dead', msg_4: 'pending' })
  expect(await db.query.auditLog.findMany()).toMatchObject([
    {
      actorUserId: admin!.id,
      action: 'webhooks.replay',
      detail: { source: 'clerk', type: 'user.updated', status: 'dead', count: 2 },
    },
  ])
  await work(testDeps({ db }))
  expect(await statuses()).toEqual({ msg_1: 'done', msg_2: 'done', msg_3: 'dead', msg_4: 'done' })
  expect(await run('--source', 'clerk', '--event', 'msg_3')).toMatchObject({
    out: '1 would be replayed; --write does it',
  })
})

test('a database that is away is one line without values', async () => {
  const env = { ...process.env, ...testVariables }
  const child = Bun.spawn([process.execPath, cli, '--source', 'clerk'], {
    env,
    stdout: 'pipe',
    stderr: 'pipe',
  })
  expect(await child.stderr.text()).not.toContain('params')
  expect(await child.exited).toBe(1)
})

test('wrong usage is explained', async () => {
  for (const args of [
    [],
    ['--source', 'nobody'],
    ['--source', 'clerk', '--status', 'processing'],
    ['--sauce', 'clerk'],
  ])
    expect(await run(...args)).toMatchObject({
      code: 2,
      err: expect.stringContaining('usage: webhooks:replay'),
    })
  expect(await run('--help')).toMatchObject({ code: 0, out: expect.stringContaining('--actor EMAIL') })
})
