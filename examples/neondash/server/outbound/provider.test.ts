import { afterAll, describe, expect, test } from 'bun:test'
import { type AddressInfo, createServer } from 'node:net'
import { status } from '../../test/provider'
import { Charge, failure, keyed, withProvider } from '../../test/provider-calls'

const { server, lines, metrics, create, by } = withProvider()
const { idempotencyKey: _, ...unkeyed } = keyed

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
