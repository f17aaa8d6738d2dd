import { afterEach, expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { startServing } from '../../test/serving'
import { withDatabase } from '../../test/start'
import { clerkDelivery, type Delivery, hasten, until, userEvent } from '../../test/webhooks'

const { db, url, env, connect } = await withDatabase()
const database = { DATABASE_URL: url, DATABASE_POOLED: String(env.DATABASE_POOLED), WORKER_POLL_MS: '50' }
const blocker = await connect()
const created = clerkDelivery(userEvent('user.created', 'user_1', 'ana@example.com', 1_795_000_000_123), {
  id: 'msg_1',
})

afterEach(async () => {
  await db.execute(sql`truncate integration_events, outbox, users cascade`)
})

const event = async () => (await db.query.integrationEvents.findFirst())!
const done = () => until(async () => (await event()).status === 'done')
const send = (instance: { url: string }, { path, init }: Delivery) => fetch(instance.url + path, init)

/** Runs `work` while every effect on `users` waits in its transaction. */
async function whileBlocked(work: (begun: () => Promise<unknown>) => Promise<unknown>) {
  await blocker.query('begin; lock table users in share mode')
  const begun = () =>
    until(async () => {
      const { rows } = await blocker.query(
        "select 1 from pg_locks where not granted and relation = 'users'::regclass",
      )
      return rows.length > 0
    })
  await work(begun).finally(() => blocker.query('rollback'))
}

test('killed between the 2xx and the processing, nothing is lost', async () => {
  const ingress = await startServing({ ...database, WORKERS_ENABLED: 'false' })
  expect((await send(ingress, created)).status).toBe(204)
  await ingress.end('SIGKILL')
  expect(await event()).toMatchObject({ status: 'pending', attempts: 0 })
  expect(await db.query.users.findMany()).toEqual([])

  const successor = await startServing(database)
  await done()
  expect(await db.query.users.findMany()).toMatchObject([{ clerkId: 'user_1', email: 'ana@example.com' }])
  await successor.end('SIGKILL')
}, 40_000)

test('killed in the middle of an effect, nothing is half done, and the next worker does it', async () => {
  const victim = await startServing(database)
  await whileBlocked(async (begun) => {
    expect((await send(victim, created)).status).toBe(204)
    await begun()
    await victim.end('SIGKILL')
  })
  expect(await event()).toMatchObject({ status: 'processing', attempts: 1 })
  expect(await db.query.users.findMany()).toEqual([])

  const successor = await startServing(database)
  await Bun.sleep(200)
  expect(await event()).toMatchObject({ status: 'processing', attempts: 1 }) // still under the lease of the dead
  await hasten(db)
  await done()
  expect(await event()).toMatchObject({ attempts: 2 })
  expect(await db.query.users.findMany()).toHaveLength(1)
  expect(await db.query.outbox.findMany()).toHaveLength(1)
  await successor.end('SIGKILL')
}, 40_000)

test('SIGTERM lets a running effect end', async () => {
  const instance = await startServing(database)
  let exit: Promise<number | null> | undefined
  await whileBlocked(async (begun) => {
    await send(instance, created)
    await begun()
    exit = instance.end('SIGTERM')
    await Bun.sleep(100)
  })
  expect(await exit).toBe(0)
  expect(await event()).toMatchObject({ status: 'done', attempts: 1 })
}, 40_000)
