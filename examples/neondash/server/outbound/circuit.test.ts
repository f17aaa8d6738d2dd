import { expect, test } from 'bun:test'
import { hang, status } from '../../test/provider'
import { Charge, failure, keyed, never, withProvider } from '../../test/provider-calls'
import { createMetrics } from '../metrics'

const { server, lines, log, create, by } = withProvider()

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
