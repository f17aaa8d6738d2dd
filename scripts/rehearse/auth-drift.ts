import { createServer } from 'node:http'
import { once } from 'node:events'
import { createPublicKey } from 'node:crypto'
import type { AddressInfo } from 'node:net'
import assert from 'node:assert/strict'
import { createClerkKeys } from '../../examples/neondash/test/clerk.ts'
import { expectStatus } from './engine/client.ts'
import type { Rehearsal } from './engine/rehearsal.ts'

export const rehearsal: Rehearsal = {
  runbook: 'auth-drift',
  fault: 'Clerk signs with a new key; then our clock is a minute behind',
  unrehearsed: {
    'fix NTP': 'setting the clock of the machine would reach every other process on it',
    'pass it, answer 503, never 401': 'the example always passes jwtKey; identify.test.ts answers 503 without it',
  },
  async play({ deploy, http, clerk, given, onClose, quiet, fault, detect, mitigate, step, recovered, count }) {
    const old = createClerkKeys()
    const before = await count('select count(*) from leads')
    const drifted = await deploy({ env: { CLERK_JWT_KEY: clerk.env.CLERK_JWT_KEY } })
    await expectStatus(http.leads('user_2'), 200)
    await quiet()
    await drifted.end('SIGTERM')

    const jwks = await startJwks(clerk.env.CLERK_JWT_KEY)
    onClose(jwks.stop)
    given.CLERK_API_URL = jwks.url
    await fault(async () => {
      await deploy({ env: { CLERK_JWT_KEY: old.env.CLERK_JWT_KEY } })
      await expectStatus(http.leads('user_2'), 401)
    })
    await detect('token-invalid-signature')
    const pem = await mitigate("print Clerk's key")
    assert.match(pem, /^-----BEGIN PUBLIC KEY-----/)
    await step('deploy as `CLERK_JWT_KEY`', () => deploy({ env: { CLERK_JWT_KEY: pem } }))
    await recovered(() => expectStatus(http.leads('user_2'), 200))

    const skewed = clerk.bearer('user_2', { iat: Math.floor(Date.now() / 1_000) + 60 })
    await expectStatus(http.ask('/trpc/leads.list?input=%7B%7D', { headers: skewed }), 401)
    await detect('session-token-iat-in-the-future')
    assert.equal(await count('select count(*) from leads'), before)
  },
}

/** Clerk's address of its keys, with the one that `pem` holds. */
async function startJwks(pem: string) {
  const key = { ...createPublicKey(pem).export({ format: 'jwk' }), kid: 'ins_local', alg: 'RS256', use: 'sig' }
  const server = createServer((request, response) => {
    const known = request.url === '/v1/jwks' && request.headers.authorization?.startsWith('Bearer sk_test_')
    response.writeHead(known ? 200 : 404).end(JSON.stringify({ keys: [key] }))
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  return { url, stop: () => server.close() }
}
