import { expect, test } from 'bun:test'
import { createClerkClient } from '@clerk/backend'
import { Hono } from 'hono'
import { createClerkKeys } from '../../test/clerk'
import { clerk, testDeps } from '../../test/start'
import type { AppEnv, Identity } from '../deps'
import { onError } from '../http/errors'
import { identify } from './identify'

const deps = testDeps({ db: null as never })
const at = (seconds: number) => Math.floor(Date.now() / 1_000) + seconds
const app = appWith(identify(deps))

function appWith(middleware: ReturnType<typeof identify>) {
  const app = new Hono<AppEnv>()
  app.use(async (c, next) => {
    c.set('log', deps.log)
    await next()
  })
  app.onError(onError)
  return app.use(middleware).get('/', (c) => c.json(c.get('identity')))
}

const ask = async (token: string | undefined, asked = app) => {
  const response = await asked.request(
    '/',
    token === undefined ? {} : { headers: { authorization: `Bearer ${token}` } },
  )
  return { status: response.status, body: (await response.json()) as unknown }
}

const self = { clerkId: 'user_1', actorClerkId: 'user_1' }
const operated = { clerkId: 'user_1', actorClerkId: 'user_operator' }
const noRefresh = 'session-token-expired-refresh-non-eligible-no-refresh-cookie'
const unsigned = () => `${btoa('{"alg":"none","typ":"JWT"}')}.${clerk.token().split('.')[1]}.`

/** What a token is worth: an identity, or Clerk's reason why not. */
const tokens: [string, () => string | undefined, Identity | string][] = [
  ['a session token', () => clerk.token(), self],
  [
    'an operator of Clerk in the place of a user',
    () => clerk.token({ act: { sub: 'user_operator' } }),
    operated,
  ],
  ['a token 3 s past its expiry, within the skew', () => clerk.token({ exp: at(-3) }), self],
  ['a token past its expiry', () => clerk.token({ exp: at(-30) }), noRefresh],
  ['a token from the future', () => clerk.token({ iat: at(60) }), 'session-token-iat-in-the-future'],
  ['a token not yet active', () => clerk.token({ nbf: at(60) }), 'session-token-nbf'],
  [
    "another origin's token",
    () => clerk.token({ azp: 'https://evil.example' }),
    'token-invalid-authorized-parties',
  ],
  ['a token without an origin', () => clerk.token({ azp: undefined }), 'token-invalid-authorized-parties'],
  ['a token of a JWT template', () => clerk.token({}, { cat: 'cl_B7d4PD222AAA' }), 'token-type-mismatch'],
  ['a token of another instance', () => createClerkKeys().token(), 'token-invalid-signature'],
  ['a tampered token', () => clerk.token().replace(/.{8}$/, 'AAAAAAAA'), 'token-invalid-signature'],
  ['an unsigned token', unsigned, 'token-invalid-algorithm'],
  ['garbage', () => 'garbage', 'token-invalid'],
  ['nothing', () => undefined, 'dev-browser-missing'],
]

test.each(tokens)('%s', async (_, token, worth) => {
  const own = testDeps({ db: null as never })
  const identity = typeof worth === 'string' ? null : worth
  expect(await ask(token(), appWith(identify(own)))).toEqual({ status: 200, body: identity })
  const refused = own.metrics.counter('neondash.auth.refused')
  expect(refused.total()).toBe(identity ? 0 : 1)
  if (!identity) expect(refused.get({ reason: worth as string })).toBe(1)
})

test('a pending session is signed in, but nobody yet', async () => {
  expect(await ask(clerk.token({ sts: 'pending' }))).toEqual({ status: 200, body: null })
})

/** Clerk's API, seen by an instance that fetches keys instead of holding one. */
async function withoutKey(answer: () => Response) {
  let asked = 0
  const api = Bun.serve({
    port: 0,
    fetch: () => {
      asked++
      return answer()
    },
  })
  const { CLERK_SECRET_KEY, CLERK_PUBLISHABLE_KEY } = deps.env
  const keys = { secretKey: CLERK_SECRET_KEY, publishableKey: CLERK_PUBLISHABLE_KEY }
  const client = createClerkClient({ ...keys, apiUrl: api.url.origin, telemetry: { disabled: true } })
  const result = await ask(clerk.token(), appWith(identify(deps, client as never)))
  await api.stop(true)
  return { ...result, asked }
}

test('an outage of Clerk is 503, never 401', async () => {
  const { status, body, asked } = await withoutKey(() => new Response('down', { status: 500 }))
  expect(asked).toBeGreaterThan(0)
  expect({ status, body }).toMatchObject({ status: 503, body: { error: { code: 'SERVICE_UNAVAILABLE' } } })
}, 10_000)

test('an unknown key is a wrong token, not an outage', async () => {
  const key = { kty: 'RSA', kid: 'ins_other', alg: 'RS256', use: 'sig', n: 'AQAB', e: 'AQAB' }
  const { status, body } = await withoutKey(() => Response.json({ keys: [key] }))
  expect({ status, body }).toEqual({ status: 200, body: null })
}, 10_000)
