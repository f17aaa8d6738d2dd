import assert from 'node:assert/strict'
import { defineGrader } from '../../outcome/criterion.ts'
import { age, rowsWith, unindexedKeys } from '../../outcome/database.ts'
import { appOrigin } from '../../outcome/identity.ts'
import type { Answer, Backend } from '../../outcome/process.ts'
import type { Person, Rig } from '../../outcome/rig.ts'

const canary = 'lead-of-the-customer'

/** A backend, an admin with a clinic of their own, and a customer with a lead; their ids occur nowhere else. */
async function setUp(rig: Rig) {
  await rig.sql('alter sequence users_id_seq restart with 700001; alter sequence mentorados_id_seq restart with 800001')
  const [admin, customer, backend] = [await rig.person('admin'), await rig.person(), await rig.start()]
  await addLead(rig, customer, canary)
  return { admin, customer, backend }
}

async function addLead({ sql }: Rig, { mentoradoId }: Person, name: string): Promise<void> {
  await sql('insert into leads (mentorado_id, name, email) values ($1, $2, $3)', [mentoradoId, name, 'l@example.com'])
}

const headers = ({ userId }: Pick<Person, 'userId'>) => ({ 'x-impersonate': String(userId) })

const impersonate = (backend: Backend, { token }: Person, userId: number): Promise<Answer> =>
  backend.trpc('admin.impersonate', { token, mutate: { userId } })

async function started(backend: Backend, admin: Person, customer: Person): Promise<Answer> {
  const answer = await impersonate(backend, admin, customer.userId)
  assert.equal(answer.status, 200, `admin.impersonate is answered with ${answer.status}: ${answer.text.slice(0, 160)}`)
  return answer
}

/** `admin.stopImpersonating()` as the client sends it: no body, the header still there. */
const stop = (backend: Backend, { token }: Person, customer: Person): Promise<Response> =>
  backend.fetch('/trpc/admin.stopImpersonating', {
    method: 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers(customer) },
  })

const listAs = (backend: Backend, { token }: Person, customer: Person): Promise<Answer> =>
  backend.trpc('leads.list', { token, headers: headers(customer) })

async function assertShown(backend: Backend, who: Person, customer: Person): Promise<void> {
  const { status, text } = await listAs(backend, who, customer)
  assert.ok(text.includes(canary), `support does not see the customer's leads: ${status} ${text.slice(0, 160)}`)
}

/** Throws where `who` sees or makes leads of `customer`; the header may be refused or ignored, not break the call. */
async function assertKeptOut(backend: Backend, who: Person, customer: Person, reason: string): Promise<void> {
  const { status, text } = await listAs(backend, who, customer)
  assert.ok(!text.includes(canary), `${reason} sees the customer's leads`)
  assert.ok(status < 500, `${reason} is answered with ${status}: ${text.slice(0, 160)}`)
}

/** Rows in tables other than `leads`. */
const rowsElsewhere = async (rig: Rig): Promise<number> =>
  (await rowsWith(rig, [['.*']])) - (await rig.sql('select count(*)::int as n from leads'))[0].n

export default defineGrader([
  {
    id: 'works-as-customer',
    tier: 'basic',
    text: 'With the header support sees and makes leads of the customer, without it they are themselves.',
    async check(rig) {
      const { admin, customer, backend } = await setUp(rig)
      const { data } = await started(backend, admin, customer)
      assert.equal(data?.userId, customer.userId, 'admin.impersonate does not answer the userId of the customer')
      await assertShown(backend, admin, customer)
      const options = { token: admin.token, headers: headers(customer) }
      assert.equal((await backend.trpc('me.get', options)).data?.id, customer.userId, 'me.get is not the customer')
      const made = await backend.trpc('leads.create', { ...options, mutate: { name: 'Fixed', email: 'f@example.com' } })
      assert.equal(made.status, 200, `leads.create as the customer is answered with ${made.status}`)
      const [lead] = await rig.sql(`select mentorado_id from leads where name = 'Fixed'`)
      assert.equal(lead.mentorado_id, customer.mentoradoId, 'a lead made as the customer is not theirs')
      const own = await backend.trpc('me.get', { token: admin.token })
      assert.equal(own.data?.id, admin.userId, 'without the header me.get is not the admin')
    },
  },
  {
    id: 'stops',
    tier: 'basic',
    text: 'After admin.stopImpersonating the header opens nothing any more.',
    async check(rig) {
      const { admin, customer, backend } = await setUp(rig)
      await started(backend, admin, customer)
      await assertShown(backend, admin, customer)
      const { status } = await stop(backend, admin, customer)
      assert.equal(status, 200, `admin.stopImpersonating is answered with ${status}`)
      await assertKeptOut(backend, admin, customer, 'after the stop support')
    },
  },
  {
    id: 'only-admins',
    tier: 'expert',
    text: 'Customers cannot start it, and somebody who is admin no more cannot go on.',
    async check(rig) {
      const { admin, customer, backend } = await setUp(rig)
      const other = await rig.person()
      await started(backend, admin, customer)
      const { status } = await impersonate(backend, other, customer.userId)
      assert.ok(status >= 400 && status < 500, `a customer who calls admin.impersonate is answered with ${status}`)
      await assertKeptOut(backend, other, customer, 'another customer')
      await rig.sql(`update users set role = 'mentorado' where id = $1`, [admin.userId])
      await assertKeptOut(backend, admin, customer, 'a former admin')
    },
  },
  {
    id: 'header-alone',
    tier: 'expert',
    text: 'The header alone opens nothing: not without a start, not with the start of somebody else or for somebody else.',
    async check(rig) {
      const { admin, customer, backend } = await setUp(rig)
      const [colleague, second] = [await rig.person('admin'), await rig.person()]
      await assertKeptOut(backend, admin, customer, 'support without a start')
      await impersonate(backend, admin, second.userId)
      await assertKeptOut(backend, admin, customer, 'support with a start for another customer')
      await impersonate(backend, admin, customer.userId)
      await assertKeptOut(backend, colleague, customer, 'a colleague of who started')
      for (const value of ['abc', '-1', '99999999999', '1.5', '']) {
        const { status } = await backend.trpc('me.get', { token: admin.token, headers: { 'x-impersonate': value } })
        assert.ok(status < 500, `x-impersonate: ${value} is answered with ${status}`)
      }
    },
  },
  {
    id: 'customers-only',
    tier: 'expert',
    text: 'Other admins cannot be impersonated; a user that does not exist is no server error.',
    async check(rig) {
      const { admin, customer, backend } = await setUp(rig)
      await started(backend, admin, customer)
      const colleague = await rig.person('admin')
      await addLead(rig, colleague, canary)
      await impersonate(backend, admin, colleague.userId)
      await assertKeptOut(backend, admin, colleague, 'an admin who impersonates another admin')
      for (const userId of [999_999, 99_999_999_999]) {
        const { status, text } = await impersonate(backend, admin, userId)
        assert.ok(status >= 400 && status < 500, `impersonating user ${userId} is answered with ${status}: ${text.slice(0, 120)}`)
      }
    },
  },
  {
    id: 'no-admin-meanwhile',
    tier: 'expert',
    text: 'A call made as the customer has no admin powers.',
    async check(rig) {
      const { admin, customer, backend } = await setUp(rig)
      await started(backend, admin, customer)
      await assertShown(backend, admin, customer)
      const { status } = await backend.trpc('admin.mentorados', { token: admin.token, headers: headers(customer) })
      assert.ok(status === 403 || status === 401, `admin.mentorados as a customer is answered with ${status}`)
      const own = await backend.trpc('admin.mentorados', { token: admin.token })
      assert.equal(own.status, 200, `admin.mentorados without the header is answered with ${own.status}`)
    },
  },
  {
    id: 'expires',
    tier: 'expert',
    text: 'What nobody stops ends by itself within a day.',
    async check(rig) {
      const { admin, customer, backend } = await setUp(rig)
      await started(backend, admin, customer)
      await assertShown(backend, admin, customer)
      await backend.kill('SIGKILL') // what is kept in memory alone ends here
      await age(rig, 25 * 60)
      await assertKeptOut(await rig.start(), admin, customer, 'support a day after the start')
    },
  },
  {
    id: 'audited',
    tier: 'expert',
    text: 'A change made as the customer leaves a row that names who made it and for whom.',
    async check(rig) {
      const { admin, customer, backend } = await setUp(rig)
      await started(backend, admin, customer)
      const both = [[admin.userId, admin.clerkId], [customer.userId, customer.mentoradoId, customer.clerkId]]
      const [before, others] = [await rowsWith(rig, both), await rowsElsewhere(rig)]
      const { status, text } = await backend.trpc('leads.create', {
        token: admin.token, headers: headers(customer), mutate: { name: 'Fixed', email: 'f@example.com' },
      })
      assert.equal(status, 200, `leads.create as the customer is answered with ${status}: ${text.slice(0, 160)}`)
      // The row may name the pair itself, or belong to a grant that does.
      const more = async () => {
        const named = await rowsWith(rig, both)
        return named > before || (named > 0 && (await rowsElsewhere(rig)) > others)
      }
      await rig.until('a change leaves no row that leads to the admin and the customer', more, 3000)
    },
  },
  {
    id: 'browser-may-send-it',
    tier: 'expert',
    text: 'The browser lets the web app send the header, and still the others.',
    async check(rig) {
      const backend = await rig.start()
      const response = await backend.fetch('/trpc/leads.list', {
        method: 'OPTIONS',
        headers: {
          origin: appOrigin,
          'access-control-request-method': 'POST',
          'access-control-request-headers': 'authorization,content-type,x-impersonate',
        },
      })
      const allowed = response.headers.get('access-control-allow-headers')?.toLowerCase().split(/\s*,\s*/) ?? []
      for (const header of ['authorization', 'content-type', 'x-impersonate'])
        assert.ok(allowed.includes(header), `the preflight does not allow ${header}`)
      assert.equal(response.headers.get('access-control-allow-origin'), appOrigin)
    },
  },
  {
    id: 'foreign-keys-indexed',
    tier: 'expert',
    text: 'Every foreign key of the schema leads an index.',
    async check(rig) {
      assert.deepEqual(await unindexedKeys(rig), [], 'a foreign key has no index')
    },
  },
])
