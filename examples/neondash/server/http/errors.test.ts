import { expect, test } from 'bun:test'
import { HTTPException } from 'hono/http-exception'
import { AppError } from '../../shared/errors'
import { testDeps, withDatabase } from '../../test/start'
import { createApp, positions } from '../app'

const { db, connect } = await withDatabase()

/** An app with a route that runs `work`, and what it answered and logged. */
async function answerTo(work: (signal: AbortSignal) => unknown, env = {}) {
  const deps = testDeps({ db, env })
  const app = createApp(deps, (all) => [
    ...positions(all),
    {
      name: 'work',
      why: '',
      mount: (app) =>
        app.get('/api/work', async (c) => {
          await work(c.get('signal'))
          return c.text('done')
        }),
    },
  ])
  const response = await app.request('/api/work')
  const { error } = (await response.json()) as { error: Record<string, string> }
  return { status: response.status, ...error, id: response.headers.get('x-request-id'), lines: deps.lines }
}

test('a message written for clients goes out with its code', async () => {
  const answer = await answerTo(() => {
    throw new AppError('NOT_FOUND', 'Lead not found')
  })
  expect(answer).toMatchObject({
    status: 404,
    code: 'NOT_FOUND',
    message: 'Lead not found',
    requestId: answer.id,
  })
})

test('any other is masked, and logged by class without its message', async () => {
  const answer = await answerTo(() => {
    throw new TypeError('ana@example.com is not a function')
  })
  expect(answer).toMatchObject({ status: 500, code: 'INTERNAL_SERVER_ERROR', message: 'Internal error' })
  expect(answer.lines).toContainEqual(
    expect.objectContaining({
      event: 'http_error',
      level: 'error',
      errorClass: 'TypeError',
      requestId: answer.id,
    }),
  )
  expect(JSON.stringify(answer.lines)).not.toContain('ana@')
})

test('an HTTPException keeps the headers that were set before it', async () => {
  const answer = await answerTo(() => {
    throw new HTTPException(403, { message: 'Not yours' })
  })
  expect(answer).toMatchObject({
    status: 403,
    code: 'FORBIDDEN',
    message: 'Not yours',
    id: expect.any(String),
  })
})

test('a failed statement says what it means, not what it was', async () => {
  const client = await connect()
  const insert = () => client.query("insert into users (clerk_id, email) values ('twice', 'ana@example.com')")
  await insert()
  const conflict = await answerTo(insert)
  expect(conflict).toMatchObject({ status: 409, code: 'CONFLICT', message: 'Already exists' })
  const slow = await answerTo(() => client.query('set statement_timeout = 50; select pg_sleep(5)'))
  expect(slow).toMatchObject({ status: 504, code: 'GATEWAY_TIMEOUT' })
  expect(JSON.stringify([conflict, slow])).not.toContain('ana@')
})

test('a request over time gets 504; its signal aborts, its work is not undone', async () => {
  let reason: unknown
  let written = false
  const answer = await answerTo(
    async (signal) => {
      signal.addEventListener('abort', () => {
        reason = signal.reason
      })
      await Bun.sleep(150)
      written = true
    },
    { REQUEST_TIMEOUT_MS: 50 },
  )
  expect(answer).toMatchObject({ status: 504, code: 'GATEWAY_TIMEOUT' })
  expect(reason).toMatchObject({ name: 'TimeoutError' })
  await Bun.sleep(150)
  expect(written).toBe(true)
})
