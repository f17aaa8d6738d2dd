import { expect, test } from 'bun:test'
import { TRPCClientError } from '@trpc/client'
import { addMentorado, type Client, clientOf, serve } from '../../test/programme'
import { clerk, testDeps, testEnv, withDatabase } from '../../test/start'
import { openDatabase } from '../db/client'
import type { AppRouter } from './router'

const { db, connect, env, database, directUrl } = await withDatabase()
const deps = testDeps({ db })
const api = serve(deps)
await addMentorado(db, 'ana')
const SECRET = 'the secret of a row'

/** A trigger that fails as the name of the lead says, with row values in message and detail. */
const admin = await connect()
await admin.query(`create function fail() returns trigger language plpgsql as $$
  begin
    if new.name = 'slow' then perform pg_sleep(1); return new; end if;
    if new.name not like 'fail %' then return new; end if;
    raise exception '${SECRET}' using errcode = split_part(new.name, ' ', 2), detail = '${SECRET}';
  end $$`)
await admin.query('create trigger fail before insert on leads for each row execute function fail()')

const create = (client: Client, name: string) =>
  client.leads.create.mutate({
    key: crypto.randomUUID(),
    name,
    email: `${SECRET.replaceAll(' ', '_')}@example.com`,
  })
const errorOf = async (call: Promise<unknown>): Promise<TRPCClientError<AppRouter>> => {
  const error = await call.then(
    () => undefined,
    (e) => e,
  )
  expect(error).toBeInstanceOf(TRPCClientError)
  return error
}
const post = (path: string, body: string, headers: Record<string, string> = {}) =>
  fetch(new URL(path, api.url), {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', ...headers },
  })

const failures: [string, string, string][] = [
  ['23505', 'CONFLICT', 'Already exists'],
  ['55P03', 'SERVICE_UNAVAILABLE', 'Busy, try again'],
  ['40P01', 'SERVICE_UNAVAILABLE', 'Busy, try again'],
  ['57014', 'GATEWAY_TIMEOUT', 'Took too long'],
  ['23514', 'INTERNAL_SERVER_ERROR', 'INTERNAL_SERVER_ERROR'],
  ['P0001', 'INTERNAL_SERVER_ERROR', 'INTERNAL_SERVER_ERROR'],
]

test.each(failures)('SQLSTATE %s is %s, and says nothing of the row', async (state, code, message) => {
  deps.lines.length = 0
  const error = await errorOf(create(api.as({ sub: 'ana' }), `fail ${state}`))
  expect<unknown>({ code: error.data?.code, message: error.message }).toEqual({ code, message })
  const line = deps.lines.find(({ event }) => event === 'trpc_failed')!
  expect(line).toMatchObject({
    path: 'leads.create',
    outcome: code,
    errorCode: state,
    requestId: error.data?.requestId,
  })
  expect(line).toContainAllKeys(Object.keys(line).filter((name) => name !== 'message'))
  const outside = JSON.stringify([error.shape, deps.lines])
  for (const inner of [SECRET, SECRET.replaceAll(' ', '_'), 'insert into', 'params', 'stack'])
    expect(outside).not.toContain(inner)
})

test('a statement over its timeout is 504', async () => {
  const slow = await openDatabase(
    { ...env, DATABASE_URL: directUrl, DATABASE_POOLED: false, STATEMENT_TIMEOUT_MS: 200 },
    deps.log,
  )
  const client = serve(testDeps({ db: slow.db })).as({ sub: 'ana' })
  const error = await errorOf(create(client, 'slow'))
  await slow.close()
  expect(error.data?.code).toBe('GATEWAY_TIMEOUT')
}, 8_000)

test('a database that is away is 503', async () => {
  const gone = await openDatabase(testEnv({ CONNECT_TIMEOUT_MS: 500 }), deps.log)
  const error = await errorOf(
    serve(testDeps({ db: gone.db }))
      .as({ sub: 'ana' })
      .leads.list.query({}),
  )
  await gone.close()
  expect(JSON.stringify(error.shape)).not.toContain(database)
  expect(JSON.stringify(error.shape)).not.toMatch(/ECONN|127\.0\.0\.1|select/)
  expect(error.data?.code).toBe('SERVICE_UNAVAILABLE')
})

test('wrong input names the fields, not what was sent', async () => {
  const call = api.as({ sub: 'ana' }).leads.create.mutate({ key: 'short', name: '', email: SECRET })
  const { message, data } = await errorOf(call)
  expect(message).toBe('Invalid input')
  expect(Object.keys(data?.issues as object).sort()).toEqual(['email', 'key', 'name'])
  expect(JSON.stringify(data)).not.toContain(SECRET)
  const cursor = { at: "2026-01-01'; drop table leads", id: 1 }
  expect((await errorOf(api.as({ sub: 'ana' }).leads.list.query({ cursor }))).data?.code).toBe('BAD_REQUEST')
})

test('malformed JSON is refused without an echo', async () => {
  const response = await post('/trpc/leads.create', `{"name": ${SECRET}`, clerk.bearer('ana'))
  expect(response.status).toBe(400)
  expect(await response.text()).not.toMatch(/secret|stack|Unexpected/)
})

test('a batch over the limit runs nothing', async () => {
  const batch = (calls: number) => `/trpc/${Array(calls).fill('me.get').join(',')}?batch=1`
  expect((await fetch(new URL(batch(20), api.url))).status).toBe(200)
  const response = await fetch(new URL(batch(21), api.url))
  expect(response.status).toBe(400)
  expect(await response.text()).not.toContain('result')
})

test('refusals before tRPC reach its client with a code', async () => {
  const limited = serve(
    testDeps({ db, env: { ACTOR_LIMIT_PER_MINUTE: 1 }, clock: () => new Date('2026-11-22T12:00:30Z') }),
  )
  for (const stream of [false, true]) {
    const client = limited.as({ sub: 'ana', stream })
    await Promise.allSettled([client.me.get.query(), client.me.get.query()])
    const { data, message } = await errorOf(client.me.get.query())
    expect({ code: data?.code, message }).toEqual({ code: 'TOO_MANY_REQUESTS', message: 'Too many requests' })
    expect(data?.requestId).toBeString()
  }
  const big = create(api.as({ sub: 'ana' }), 'x'.repeat(1_100_000))
  expect((await errorOf(big)).data).toMatchObject({ code: 'PAYLOAD_TOO_LARGE', httpStatus: 413 })
  const hasty = serve(testDeps({ db, env: { REQUEST_TIMEOUT_MS: 300 } })).as({ sub: 'ana' })
  expect((await errorOf(create(hasty, 'slow'))).data?.code).toBe('GATEWAY_TIMEOUT')
}, 10_000)

test('a batch keeps what succeeded beside what failed', async () => {
  const visitor = clientOf(api.url)
  const [me, leads] = await Promise.allSettled([visitor.me.get.query(), visitor.leads.list.query({})])
  expect(me).toEqual({ status: 'fulfilled', value: null })
  expect((leads as PromiseRejectedResult).reason.data.code).toBe('UNAUTHORIZED')
})
