import { afterAll, expect, test } from 'bun:test'
import { leads } from '../../drizzle/schema'
import { addMentorado, serve } from '../../test/programme'
import { testDeps, withDatabase } from '../../test/start'
import { until } from '../../test/webhooks'
import { createWebhookWorker } from '../webhooks/worker'

const { db, connect, restart } = await withDatabase()
const deps = testDeps({ db, env: { WORKER_POLL_MS: 50 } })
const api = serve(deps)
await addMentorado(db, 'ana')
const worker = createWebhookWorker(deps)
afterAll(() => worker.stop())

test('a restart in the middle of a request is 503 to it, and nothing to who comes after', async () => {
  const admin = await connect()
  await admin.query(`
    create function wait() returns trigger language plpgsql as $$ begin perform pg_sleep(30); return new; end $$;
    create trigger wait before insert on leads for each row execute function wait()`)
  worker.start()
  deps.lifecycle.markReady()
  const create = { key: crypto.randomUUID(), name: 'Eva', email: 'eva@example.com' }
  const ana = api.as({ sub: 'ana' })
  const answer = ana.leads.create.mutate(create).catch((error) => error)
  await until(async () => {
    const { rows } = await admin.query("select 1 from pg_stat_activity where wait_event = 'PgSleep'")
    return rows.length > 0
  })
  await restart()
  const error = await answer
  expect(error.data).toMatchObject({ code: 'SERVICE_UNAVAILABLE', httpStatus: 503 })
  expect(error.meta.response.headers.get('retry-after')).toBe('2')

  const after = await connect()
  await after.query('drop trigger wait on leads')
  const { id } = await until(() => ana.leads.create.mutate(create).catch(() => null))
  expect(await db.select({ id: leads.id }).from(leads)).toEqual([{ id }])
  expect((await fetch(new URL('/health/ready', api.url))).status).toBe(200)
  expect(deps.lines.map(({ event }) => event)).not.toContain('unhandled_rejection')
}, 30_000)

test('the worker that lived through it goes on', async () => {
  const client = await connect()
  await client.query(
    `insert into integration_events (source, event_id, type, payload) values ('clerk', 'e1', 'none', '{}')`,
  )
  await until(async () => (await db.query.integrationEvents.findFirst())?.status === 'done')
})
