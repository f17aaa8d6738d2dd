import { expect, test } from 'bun:test'
import { tryGetContext } from 'hono/context-storage'
import { clerk, testDeps, withDatabase } from '../test/start'
import { createApp, type Position, positions } from './app'
import type { AppEnv, Deps } from './deps'

const { db } = await withDatabase()
const origin = { origin: clerk.origin }
const environment = { server: { requestIP: () => ({ address: '203.0.113.7' }) } }

const probeRoute: Position = {
  name: 'probe',
  why: 'shows what a route receives',
  mount: (app) =>
    app.all('/api/probe', async (c) => {
      const body = await c.req.text()
      const fromStorage = tryGetContext<AppEnv>()?.get('requestId')
      return new Response(JSON.stringify({ fromStorage, length: body.length }))
    }),
}

type Send = (path: string, init?: RequestInit) => Promise<Response>
type Probe = (send: Send, deps: ReturnType<typeof testDeps>) => Promise<void>

/** What the order as a whole must achieve. Each probe gets an app of its own. */
const probes: Record<string, Probe> = {
  async 'a raw Response carries the request id, which adapters can read'(send) {
    const response = await send('/api/probe')
    const id = response.headers.get('x-request-id')
    expect(id).toBeString()
    expect(await response.json()).toMatchObject({ fromStorage: id })
  },
  async 'tRPC answers carry request id, CORS and security headers'(send) {
    expectHeaders(await send('/trpc/nope', { headers: origin }))
  },
  async 'a preflight without a token succeeds and is logged with its request id'(send, { lines }) {
    const response = await send('/trpc/nope', {
      method: 'OPTIONS',
      headers: {
        ...origin,
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'trpc-accept',
      },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-headers')).toContain('trpc-accept')
    expect(lines).toContainEqual(
      expect.objectContaining({ event: 'http_request', method: 'OPTIONS', requestId: expect.any(String) }),
    )
  },
  async 'unknown paths are 404 and wrong methods 405, with all headers'(send) {
    const unknown = await send('/nowhere', { headers: origin })
    const wrongMethod = await send('/webhooks/clerk', { headers: origin })
    expect([unknown.status, wrongMethod.status]).toEqual([404, 405])
    for (const response of [unknown, wrongMethod]) expectHeaders(response)
  },
  async 'health answers with security headers, also beyond the limit of its address'(send) {
    for (let i = 0; i < 7; i++) await send('/nowhere')
    const response = await send('/health/live')
    expect(response.status).toBe(204)
    expect(response.headers.get('x-content-type-options')).toBe('nosniff')
  },
  async 'the limit of an address refuses webhooks and routes, readably for a browser, and is logged'(
    send,
    { lines },
  ) {
    for (let i = 0; i < 6; i++) await send('/nowhere')
    for (const path of ['/api/probe', '/webhooks/clerk']) {
      const response = await send(path, { method: 'POST', headers: origin, body: '{}' })
      expect(response.status).toBe(429)
      expect(response.headers.get('retry-after')).toBeString()
      expect(response.headers.get('access-control-allow-origin')).toBe(clerk.origin)
    }
    expect(lines).toContainEqual(expect.objectContaining({ status: 429, requestId: expect.any(String) }))
  },
  async 'a person has one limit, whatever the address, and another person has another'(send) {
    const as = (sub: string) => send('/api/probe', { headers: clerk.bearer(sub) })
    expect((await as('user_1')).status).toBe(200)
    expect((await as('user_1')).status).toBe(200)
    expect((await as('user_1')).status).toBe(429)
    expect((await as('user_2')).status).toBe(200)
  },
  async 'a body too large is refused before a signature is checked or a route reads it'(send) {
    for (const path of ['/webhooks/clerk', '/api/probe', '/trpc/nope']) {
      const response = await send(path, { method: 'POST', headers: origin, body: chunks(2_000_000) })
      expect(response.status).toBe(413)
      expect(response.headers.get('access-control-allow-origin')).toBe(clerk.origin)
    }
  },
  async 'a body that never ends is given up'(send) {
    const stalled = new ReadableStream({ start: (controller) => controller.enqueue(new Uint8Array(10)) })
    const answer = send('/api/probe', { method: 'POST', body: stalled })
    const response = await Promise.race([answer, Bun.sleep(2_000)])
    expect(response?.status).toBe(504)
  },
}

/** Neighbours that may change places, and why that is harmless. */
const independent: Record<string, string> = {
  'contextStorage ↔ ownResponse': 'neither reads what the other provides',
  'ownResponse ↔ requestId':
    'a header set just before the response exists is kept; below a route it would not be',
  'cors ↔ secureHeaders': 'a preflight answer needs no security headers',
  'secureHeaders ↔ methodNotAllowed': 'a replaced response keeps its headers',
  'methodNotAllowed ↔ health': 'it acts on unanswered requests, which pass it in either place',
  'limitByIp ↔ deadline': 'the limit waits at most 50 ms',
  'webhooks ↔ identify': 'identify stays on /trpc and /api',
}

async function failures(order: (deps: Deps) => Position[]): Promise<string[]> {
  const results = await Promise.all(
    Object.entries(probes).map(async ([name, probe]) => {
      const deps = testDeps({
        db,
        env: { IP_LIMIT_PER_MINUTE: 6, ACTOR_LIMIT_PER_MINUTE: 2, REQUEST_TIMEOUT_MS: 500 },
        clock: () => new Date('2026-11-22T12:00:30Z'),
      })
      const app = createApp(deps, order)
      const send: Send = async (path, init) => app.request(path, init, environment)
      return probe(send, deps).then(
        () => undefined,
        (error: Error) => `${name}: ${error.message.split('\n')[0]}`,
      )
    }),
  )
  return results.filter((result) => result !== undefined)
}

const chain = (deps: Deps) => [...positions(deps), probeRoute]
const names = positions(testDeps({ db })).map((position) => position.name)
const routes = names.indexOf('trpc')

test('the order holds', async () => {
  expect(await failures(chain)).toEqual([])
})

test('every position says why it is where it is', () => {
  for (const { why } of positions(testDeps({ db }))) expect(why).toMatch(/^\S.{15,110}$/)
  expect(new Set(names).size).toBe(names.length)
})

for (const [i, upper] of names.slice(0, routes).entries()) {
  const pair = `${upper} ↔ ${names[i + 1]}`
  const swap = (deps: Deps) => {
    const order = chain(deps)
    // Routes do not matter to each other: the middleware above them goes below all of them.
    const distance = i + 1 === routes ? order.length : 1
    order.splice(i + distance, 0, ...order.splice(i, 1))
    return order
  }
  test.concurrent(
    pair in independent ? `${pair} may swap: ${independent[pair]}` : `${pair} must not swap`,
    async () => {
      const broken = await failures(swap)
      if (pair in independent) expect(broken).toEqual([])
      else expect(broken).not.toEqual([])
    },
  )
}

const above = ['contextStorage', 'requestId', 'accessLog', 'cors', 'secureHeaders', 'limitByIp', 'deadline']
for (const name of [...above, 'bodyLimit', 'identify', 'limitByActor'])
  test.concurrent(`${name} must stay above the routes`, async () => {
    const broken = await failures((deps) => {
      const order = chain(deps)
      const moved = order.splice(names.indexOf(name), 1)
      return [...order, ...moved]
    })
    expect(broken).not.toEqual([])
  })

test('without ownResponse the request id hangs on cors, which happens to touch the response', async () => {
  const requestIdWithout = async (...absent: string[]) => {
    const app = createApp(testDeps({ db }), (deps) =>
      chain(deps).filter(({ name }) => !absent.includes(name)),
    )
    return (await app.request('/trpc/nope', {}, environment)).headers.get('x-request-id')
  }
  expect(await requestIdWithout('cors')).toBeString()
  expect(await requestIdWithout('ownResponse')).toBeString()
  expect(await requestIdWithout('ownResponse', 'cors')).toBeNull()
})

function expectHeaders({ headers }: Response) {
  expect(headers.get('x-request-id')).toBeString()
  expect(headers.get('access-control-allow-origin')).toBe(clerk.origin)
  expect(headers.get('x-content-type-options')).toBe('nosniff')
}

function chunks(size: number): ReadableStream {
  let left = size
  return new ReadableStream({
    pull(controller) {
      if (left <= 0) return controller.close()
      controller.enqueue(new Uint8Array(100_000))
      left -= 100_000
    },
  })
}
