import assert from 'node:assert/strict'
import { freePort } from '../../../scripts/core/free-port.ts'
import { defineGrader } from '../../outcome/criterion.ts'
import type { Answer, Backend } from '../../outcome/process.ts'
import type { Rig } from '../../outcome/rig.ts'

const newcomer = 'user_newcomer'
const tenantCalls = ['leads.list', 'payments.list']

function assertRefused({ status, text }: Answer, whom: string): void {
  assert.ok(status >= 400 && status < 500, `${whom} is answered with ${status}: ${text.slice(0, 160)}`)
}

function assertNotSignedIn({ status, text }: Answer, whom: string): void {
  assert.ok(status === 401 || status === 403, `${whom} is answered with ${status}: ${text.slice(0, 160)}`)
}

/** A backend whose database cannot be reached. */
async function startWithoutDatabase(rig: Rig): Promise<Backend> {
  return rig.start({ DATABASE_URL: `postgres://app@127.0.0.1:${await freePort()}/app` })
}

/** Throws where `text` tells of the inside: SQL, a stack, a file, an address, a program error. */
function assertDiscreet(text: string): void {
  const traces = [
    /failed query/i, /select\b.{0,200}\bfrom\b/is, /"stack"/, /\.ts:\d+/, /node_modules/, /ECONN|127\.0\.0\.1/,
    /is not an object|of undefined|of null/,
  ]
  for (const trace of traces)
    assert.doesNotMatch(text, trace, `an error answer tells of the inside: ${text.slice(0, 200)}`)
}

export default defineGrader([
  {
    id: 'newcomer',
    tier: 'basic',
    text: 'Somebody who just signed up and is not synchronised yet gets a client error, and works once they are.',
    async check(rig) {
      const token = rig.token(newcomer)
      const backend = await rig.start()
      for (const path of ['me.get', ...tenantCalls])
        assertRefused(await backend.trpc(path, { token }), `a newcomer on ${path}`)
      await rig.sql('insert into users (clerk_id, name) values ($1, $2)', [newcomer, 'Bia'])
      const { status, data } = await backend.trpc('me.get', { token })
      assert.equal(status, 200, `once synchronised, me.get is answered with ${status}`)
      assert.equal(data.name, 'Bia')
    },
  },
  {
    id: 'no-clinic-yet',
    tier: 'basic',
    text: 'Somebody without a clinic sees their profile, and gets a client error for what belongs to a clinic.',
    async check(rig) {
      await rig.sql('insert into users (clerk_id, name) values ($1, $2)', [newcomer, 'Bia'])
      const token = rig.token(newcomer)
      const backend = await rig.start()
      const { status, data } = await backend.trpc('me.get', { token })
      assert.equal(status, 200, `me.get without a clinic is answered with ${status}`)
      assert.equal(data.mentoradoId, null)
      for (const path of tenantCalls)
        assertRefused(await backend.trpc(path, { token }), `somebody without a clinic on ${path}`)
    },
  },
  {
    id: 'ordinary-use',
    tier: 'expert',
    text: 'People with a clinic work as before.',
    async check(rig) {
      const { token, mentoradoId } = await rig.person()
      const backend = await rig.start()
      assert.equal((await backend.trpc('me.get', { token })).data?.mentoradoId, mentoradoId, 'me.get names another clinic')
      const made = await backend.trpc('leads.create', { token, mutate: { name: 'Lead', email: 'lead@example.com' } })
      assert.equal(made.status, 200, `leads.create is answered with ${made.status}`)
      assert.equal((await backend.trpc('leads.list', { token })).data?.length, 1, 'the lead is not listed')
    },
  },
  {
    id: 'role-of-the-database',
    tier: 'expert',
    text: 'Who is admin is what users.role says at that moment, whatever the token claims.',
    async check(rig) {
      const claims = { metadata: { role: 'admin' }, public_metadata: { role: 'admin' }, role: 'admin' }
      const [person, admin] = [await rig.person(), await rig.person('admin')]
      const backend = await rig.start()
      const claimed = await backend.trpc('admin.mentorados', { token: rig.token(person.clerkId, claims) })
      assert.equal(claimed.status, 403, `a token that claims "admin" for a mentorado is answered with ${claimed.status}`)
      const real = await backend.trpc('admin.mentorados', { token: admin.token })
      assert.equal(real.status, 200, `an admin of the database is answered with ${real.status}`)
      await rig.sql(`update users set role = 'mentorado' where id = $1`, [admin.userId])
      const demoted = await backend.trpc('admin.mentorados', { token: rig.token(admin.clerkId, claims) })
      assert.equal(demoted.status, 403, `a former admin is answered with ${demoted.status}`)
    },
  },
  {
    id: 'token-of-another-app',
    tier: 'expert',
    text: 'A session token issued to another app of the Clerk instance is refused.',
    async check(rig) {
      const { clerkId } = await rig.person()
      const backend = await rig.start()
      const token = rig.token(clerkId, { azp: 'https://other.example' })
      assertNotSignedIn(await backend.trpc('leads.list', { token }), 'a token of another app')
    },
  },
  {
    id: 'pending-session',
    tier: 'expert',
    text: 'A session that Clerk still holds as pending is not signed in.',
    async check(rig) {
      const { clerkId } = await rig.person()
      const backend = await rig.start()
      const token = rig.token(clerkId, { sts: 'pending' })
      assertNotSignedIn(await backend.trpc('leads.list', { token }), 'a pending session')
    },
  },
  {
    id: 'bad-tokens',
    tier: 'expert',
    text: 'No token, an expired, a forged and a garbled one are refused with 401.',
    async check(rig) {
      const { clerkId } = await rig.person()
      const backend = await rig.start()
      const past = Math.floor(Date.now() / 1000) - 3600
      const tokens = {
        'an expired token': rig.token(clerkId, { exp: past, iat: past - 60, nbf: past - 60 }),
        'a forged token': rig.forged(clerkId),
        'a garbled token': 'x.y.z',
        'a call without a token': undefined,
      }
      for (const [whom, token] of Object.entries(tokens)) {
        const { status, text } = await backend.trpc('me.get', { token })
        assert.equal(status, 401, `${whom} is answered with ${status}: ${text.slice(0, 160)}`)
      }
    },
  },
  {
    id: 'outage-is-503',
    tier: 'expert',
    text: 'While the database is away people are told to try later (503): they are not signed out, and it is no bug.',
    async check(rig) {
      const backend = await startWithoutDatabase(rig)
      const { status } = await backend.trpc('me.get', { token: rig.token('user_any') })
      assert.equal(status, 503, `without a database me.get is answered with ${status}`)
    },
  },
  {
    id: 'discreet-errors',
    tier: 'expert',
    text: 'No error answer holds SQL, a stack, a file name or an address.',
    async check(rig) {
      const [away, backend] = await Promise.all([startWithoutDatabase(rig), rig.start()])
      assertDiscreet((await away.trpc('me.get', { token: rig.token('user_any') })).text)
      assertDiscreet((await backend.trpc('me.get')).text)
      assertDiscreet((await backend.trpc('me.get', { token: rig.token(newcomer) })).text)
    },
  },
  {
    id: 'request-id',
    tier: 'expert',
    text: 'Answers carry x-request-id, also refusals and failures.',
    async check(rig) {
      const [away, backend] = await Promise.all([startWithoutDatabase(rig), rig.start()])
      const answers = {
        'a call without a token': await backend.trpc('me.get'),
        'a newcomer': await backend.trpc('leads.list', { token: rig.token(newcomer) }),
        'an outage': await away.trpc('me.get', { token: rig.token('user_any') }),
      }
      for (const [whom, { headers }] of Object.entries(answers))
        assert.ok(headers.get('x-request-id'), `the answer to ${whom} has no x-request-id`)
    },
  },
])
