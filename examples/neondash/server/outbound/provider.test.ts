import { afterAll, beforeEach, describe, expect, test } from 'bun:test'
import { type AddressInfo, createServer } from 'node:net'
import { z } from 'zod'
import { startProvider } from '../../test/provider'
import { createLog } from '../log'
import { createMetrics } from '../metrics'
import { type CallOptions, createProvider, retryAfterMs } from './provider'
import { ProviderError } from './provider-error'

const server = startProvider()
const lines: Record<string, unknown>[] = []
const log = createLog({ level: 'debug', write: (line) => lines.push(JSON.parse(line)) }).child({
  requestId: 'req-1',
})
const metrics = createMetrics()
const never = new AbortController().signal
const Charge = z.object({ id: z.string(), status: z.enum(['requires_action', 'succeeded']) })

beforeEach(() => {
  lines.length = 0
  server.script()
})

const create = (setup: Partial<Parameters<typeof createProvider>[0]> = {}) =>
  createProvider({
    name: 'stripe',
    baseUrl: server.url,
    log,
    metrics,
    backoffMs: 20,
    breakAfter: 100,
    ...setup,
  })
const keyed = {
  operation: 'charge.create',
  method: 'POST',
  path: '/charges',
  body: 'amount=1',
  idempotencyKey: 'k1',
} as const
const { idempotencyKey: _, ...unkeyed } = keyed
const by = (options: Partial<CallOptions> = {}): CallOptions => ({
  budgetMs: 5_000,
  signal: never,
  log,
  ...options,
})
const status = (code: number, headers?: Record<string, string>) => () =>
  new Response('oops', { status: code, headers })
const hang = () => new Promise<Response>(() => {})

async function failure(call: Promise<unknown>) {
  const started = performance.now()
  const error = await call.then(
    () => undefined,
    (thrown) => thrown,
  )
  expect(error).toBeInstanceOf(ProviderError)
  return { error: error as ProviderError, ms: performance.now() - started }
}

describe('an answer', () => {
  for (const [name, answer, kind, code, calls] of [
    ['500', status(500), 'unavailable', 'SERVICE_UNAVAILABLE', 3],
    ['503', status(503), 'unavailable', 'SERVICE_UNAVAILABLE', 3],
    ['429', status(429), 'rate_limited', 'SERVICE_UNAVAILABLE', 3],
    ['409', status(409), 'in_progress', 'CONFLICT', 3],
    ['408', status(408), 'timeout', 'GATEWAY_TIMEOUT', 3],
    ['400', status(400), 'terminal', 'INTERNAL_SERVER_ERROR', 1],
    ['401', status(401), 'terminal', 'INTERNAL_SERVER_ERROR', 1],
    [
      'a redirect',
      () => Response.redirect(`${server.url}/elsewhere`, 302),
      'terminal',
      'INTERNAL_SERVER_ERROR',
      1,
    ],
    ['of garbage', () => new Response('<html>'), 'unavailable', 'SERVICE_UNAVAILABLE', 3],
    ['of another shape', () => Response.json({ id: 1 }), 'terminal', 'INTERNAL_SERVER_ERROR', 1],
  ] as const)
    test(`${name} is ${kind}, after ${calls} call(s)`, async () => {
      server.script(answer, answer, answer)
      const { error } = await failure(create()(keyed, Charge, by()))
      expect(error).toMatchObject({ kind, code })
      expect(server.calls.map(({ key, path }) => [key, path])).toEqual(Array(calls).fill(['k1', '/charges']))
    })

  test('after a failure is the result; every attempt carries the same key and every line the request id', async () => {
    server.script(status(500), () => new Response('{'), server.succeed)
    expect(await create()(keyed, Charge, by())).toEqual({ id: 'pi_1', status: 'requires_action' })
    expect(server.effects.size).toBe(1)
    expect(lines).toMatchObject([
      {
        requestId: 'req-1',
        operation: 'charge.create',
        attempt: 1,
        errorClass: 'unavailable',
        errorCode: 500,
      },
      { requestId: 'req-1', provider: 'stripe', attempt: 2, delayMs: expect.any(Number) },
    ])
    expect(await metrics.text()).toContain(
      'http_client_request_duration_seconds_count{provider="stripe",operation="charge.create",outcome="ok"} 1',
    )
  })

  test('that got lost leaves a POST without a key at one call: its outcome is unknown', async () => {
    server.script(status(500), server.succeed)
    const { error } = await failure(create()(unkeyed, Charge, by()))
    expect(error.kind).toBe('unavailable')
    expect(server.calls).toHaveLength(1)
  })

  test('is asked for once where the caller retries by itself', async () => {
    server.script(status(500), server.succeed)
    await failure(create()(keyed, Charge, by({ attempts: 1 })))
    expect(server.calls).toHaveLength(1)
  })

  test('to a GET may be asked for again', async () => {
    server.script(status(502), server.succeed)
    const request = { operation: 'charge.get', method: 'GET', path: '/charges/1' } as const
    expect(await create()(request, Charge, by())).toMatchObject({ id: 'pi_1' })
  })
})

describe('a broken connection', () => {
  let connections = 0
  const tcp = createServer((socket) => {
    connections += 1
    socket.on('error', () => {}).once('data', () => socket.resetAndDestroy())
  })
  tcp.listen(0, '127.0.0.1')
  afterAll(() => tcp.close())
  const baseUrl = () => `http://127.0.0.1:${(tcp.address() as AddressInfo).port}`

  test('is tried again with a key, and not without', async () => {
    const call = create({ baseUrl: baseUrl() })
    expect((await failure(call(keyed, Charge, by()))).error.kind).toBe('unavailable')
    expect(connections).toBe(3)
    await failure(call(unkeyed, Charge, by()))
    expect(connections).toBe(4)
  })

  test('is the same when nobody listens', async () => {
    const { error } = await failure(create({ baseUrl: 'http://127.0.0.1:1' })(keyed, Charge, by()))
    expect(error).toMatchObject({ kind: 'unavailable', status: 0 })
  })
})

describe('time', () => {
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
})

describe('the circuit', () => {
  const gauge = async (metrics: ReturnType<typeof createMetrics>) =>
    /provider_circuit_open\{provider="stripe"\} (\d)/.exec(await metrics.text())?.[1]
  const setup = () => ({ log, metrics: createMetrics(), breakAfter: 3, halfOpenAfterMs: 60 })
  const once = by({ attempts: 1 })

  test('opens after failures, lets one call probe, and closes when it succeeds', async () => {
    const own = setup()
    const call = create(own)
    server.script(status(500), status(500), status(500))
    await failure(call(keyed, Charge, by()))
    expect(await gauge(own.metrics)).toBe('1')

    const { error, ms } = await failure(call(keyed, Charge, by()))
    expect(error).toMatchObject({ kind: 'circuit_open', code: 'SERVICE_UNAVAILABLE' })
    expect(server.calls).toHaveLength(3)
    expect(ms).toBeLessThan(50)

    await Bun.sleep(70)
    const { promise: held, resolve: letGo } = Promise.withResolvers<void>()
    server.script((request) => held.then(() => server.succeed(request)))
    const probe = call(keyed, Charge, by())
    expect((await failure(call(keyed, Charge, by()))).error.kind).toBe('circuit_open')
    letGo()
    expect(await probe).toMatchObject({ id: 'pi_1' })
    expect(await gauge(own.metrics)).toBe('0')
    const changes = lines.filter((line) => line.event === 'circuit_changed').map((line) => line.circuit)
    expect(changes).toEqual(['open', 'halfopen', 'closed'])
  })

  test('opens again when the probe fails, or when its caller ends it', async () => {
    const call = create(setup())
    server.script(status(500), status(500), status(500))
    await failure(call(keyed, Charge, by()))
    const request = new AbortController()
    const abort = () => {
      request.abort()
      return hang()
    }
    for (const [answer, signal] of [
      [status(500), never],
      [abort, request.signal],
    ] as const) {
      await Bun.sleep(70)
      server.script(answer)
      await failure(call(keyed, Charge, { ...once, signal }))
      expect(server.calls).toHaveLength(1)
      expect((await failure(call(keyed, Charge, once))).error.kind).toBe('circuit_open')
    }
  })

  test('stays closed for refusals, limits and callers that leave: the provider works', async () => {
    const call = create(setup())
    for (const answer of [status(400), status(429), status(409)]) {
      server.script(answer, answer, answer, answer)
      for (let i = 0; i < 4; i++) await failure(call(keyed, Charge, once))
    }
    const left = AbortSignal.abort()
    for (let i = 0; i < 4; i++) await failure(call(keyed, Charge, by({ signal: left })))
    server.script()
    expect(await call(keyed, Charge, once)).toMatchObject({ id: 'pi_1' })
  })
})
