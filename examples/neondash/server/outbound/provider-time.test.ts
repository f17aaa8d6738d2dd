import { expect, test } from 'bun:test'
import { hang, status } from '../../test/provider'
import { Charge, failure, keyed, withProvider } from '../../test/provider-calls'
import { retryAfterMs } from './provider'

const { server, create, by } = withProvider()

const slowBody = () =>
  new Response(
    new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('{"id":')) }),
  )

for (const [name, answer] of [
  ['never answers', hang],
  ['never ends its body', slowBody],
] as const)
  test(`the budget covers all attempts at a provider that ${name}`, async () => {
    server.script(...Array(9).fill(answer))
    const { error, ms } = await failure(
      create({ attemptMs: 60 })(keyed, Charge, by({ budgetMs: 300, attempts: 9 })),
    )
    expect(error).toMatchObject({ kind: 'timeout', code: 'GATEWAY_TIMEOUT' })
    expect(server.calls.length).toBeWithin(2, 6)
    expect(ms).toBeLessThan(450)
  })

test('the last attempt gets no more than what is left', async () => {
  server.script(hang)
  const { ms } = await failure(create()(keyed, Charge, by({ budgetMs: 80 })))
  expect(ms).toBeLessThan(250)
})

test('the caller’s signal ends a running attempt, and a wait between two', async () => {
  for (const answer of [hang, status(429, { 'retry-after': '2' })]) {
    const request = new AbortController()
    server.script(() => {
      setTimeout(() => request.abort(), 20)
      return answer()
    })
    const { error, ms } = await failure(create()(keyed, Charge, by({ signal: request.signal })))
    expect(error.kind).toBe('aborted')
    expect(server.calls).toHaveLength(1)
    expect(ms).toBeLessThan(500)
  }
})

test('Retry-After in seconds is waited for', async () => {
  server.script(status(429, { 'retry-after': '1' }))
  const started = performance.now()
  await create()(keyed, Charge, by())
  expect(performance.now() - started).toBeWithin(1_000, 2_000)
})

test('Retry-After beyond the budget ends the call at once, in both forms', async () => {
  for (const value of ['120', new Date(Date.now() + 120_000).toUTCString()]) {
    server.script(status(429, { 'retry-after': value }))
    const { error, ms } = await failure(create()(keyed, Charge, by()))
    expect(error.waitMs).toBeWithin(118_000, 120_001)
    expect(ms).toBeLessThan(500)
  }
})

test('Retry-After is seconds or a date, and nothing else', () => {
  const now = Date.parse('2026-11-22T12:00:00Z')
  expect(retryAfterMs('3', now)).toBe(3_000)
  expect(retryAfterMs('Sun, 22 Nov 2026 12:00:07 GMT', now)).toBe(7_000)
  expect(retryAfterMs('Sun, 22 Nov 2026 11:00:00 GMT', now)).toBe(0)
  for (const value of [null, '', 'soon', '-5']) expect(retryAfterMs(value, now)).toBe(0)
})
