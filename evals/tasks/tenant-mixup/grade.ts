import assert from 'node:assert/strict'
import { cpSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { defineGrader } from '../../outcome/criterion.ts'
import { startPooler } from '../../outcome/pooler.ts'
import { withPrevious } from '../../outcome/previous.ts'
import { lastLines, type Answer, type Backend } from '../../outcome/process.ts'
import type { Person, Rig } from '../../outcome/rig.ts'

interface Customer extends Person {
  mark: string
  leads: number
}

/** Customers with 1, 2, … leads and payments, which carry the customer's mark. */
async function customersOf(rig: Rig, count: number): Promise<Customer[]> {
  const customers: Customer[] = []
  for (let leads = 1; leads <= count; leads++) {
    const person = await rig.person()
    const mark = `mark-${leads}`
    await rig.sql(`insert into leads (mentorado_id, name, email) select $1, $2, 'a@example.com' from generate_series(1, $3)`,
      [person.mentoradoId, mark, leads])
    await rig.sql(`insert into payments (mentorado_id, stripe_id, amount_cents, status)
      select $1, $2 || '-' || n, $3, 'succeeded' from generate_series(1, $3) n`, [person.mentoradoId, mark, leads])
    customers.push({ ...person, mark, leads })
  }
  return customers
}

/** All customers ask for `path` at the same time, `times` each. */
async function together(
  customers: Customer[], times: number, ask: (customer: Customer) => Promise<Answer>, see: (customer: Customer, answer: Answer) => void,
): Promise<void> {
  const calls = Array.from({ length: times }, () => customers).flat()
  await Promise.all(calls.map(async (customer) => {
    const answer = await ask(customer)
    assert.equal(answer.status, 200, `a customer's request is answered with ${answer.status}: ${answer.text.slice(0, 200)}`)
    see(customer, answer)
  }))
}

const listLeads = (backend: Backend) => ({ token }: Customer) => backend.trpc('leads.list', { token })
const listPayments = (backend: Backend) => ({ token }: Customer) => backend.trpc('payments.list', { token })

function ownLeads({ mark, leads }: Customer, { data }: Answer): void {
  const foreign = data.filter(({ name }: { name: string }) => name !== mark)
  assert.equal(foreign.length, 0, `leads.list shows ${foreign.length} leads of another customer`)
  assert.equal(data.length, leads, `leads.list shows ${data.length} of the customer's ${leads} leads`)
}

function ownPayments({ leads }: Customer, { data }: Answer): void {
  const foreign = data.filter(({ amountCents }: { amountCents: number }) => amountCents !== leads)
  assert.equal(foreign.length, 0, `payments.list shows ${foreign.length} payments of another customer`)
  assert.equal(data.length, leads, `payments.list shows ${data.length} of the customer's ${leads} payments`)
}

export default defineGrader([
  {
    id: 'leads-own-only',
    tier: 'basic',
    text: 'Customers who ask at the same time see all of their own leads and no others.',
    async check(rig) {
      const customers = await customersOf(rig, 6)
      const backend = await rig.start()
      await together(customers, 25, listLeads(backend), ownLeads)
    },
  },
  {
    id: 'created-for-creator',
    tier: 'basic',
    text: 'A lead belongs to the customer who created it, also when many create at once.',
    async check(rig) {
      const customers = await customersOf(rig, 6)
      const backend = await rig.start()
      await together(customers, 12,
        ({ mark, token }) => backend.trpc('leads.create', { token, mutate: { name: mark, email: 'new@example.com' } }), () => {})
      for (const { mark, mentoradoId } of customers) {
        const [row] = await rig.sql(
          `select count(*)::int as n from leads where email = 'new@example.com' and name = $1 and mentorado_id = $2`, [mark, mentoradoId])
        assert.equal(row.n, 12, `${12 - row.n} of 12 leads that a customer created belong to somebody else`)
      }
    },
  },
  {
    id: 'payments-own-only',
    tier: 'expert',
    text: 'The same holds for payments: nobody sees those of others.',
    async check(rig) {
      const customers = await customersOf(rig, 6)
      const backend = await rig.start()
      await together(customers, 25, listPayments(backend), ownPayments)
    },
  },
  {
    id: 'stats-own-only',
    tier: 'expert',
    text: 'The totals that a customer sees are their own, also right after another customer asked.',
    async check(rig) {
      const customers = await customersOf(rig, 4)
      const backend = await rig.start()
      for (const { token, leads } of [...customers, ...customers.toReversed()]) {
        const { status, data } = await backend.trpc('leads.stats', { token })
        assert.equal(status, 200, `leads.stats is answered with ${status}`)
        assert.equal(data.total, leads, `leads.stats says ${data.total} for a customer with ${leads} leads`)
      }
    },
  },
  {
    id: 'behind-pooler',
    tier: 'expert',
    text: 'Through PgBouncer in transaction mode, as in production, every list is right.',
    async check(rig) {
      const customers = await customersOf(rig, 6)
      const pooler = await startPooler(rig.databaseUrl)
      try {
        const backend = await rig.start({ DATABASE_URL: pooler.url })
        await Promise.all([
          together(customers, 15, listLeads(backend), ownLeads),
          together(customers, 15, listPayments(backend), ownPayments),
        ])
      } finally {
        await pooler.stop()
      }
    },
  },
  {
    id: 'waiting-does-not-block',
    tier: 'expert',
    text: 'While some requests wait for the database, those of other customers are answered.',
    async check(rig) {
      const [first, second] = await customersOf(rig, 2)
      const backend = await rig.start()
      await rig.sql('begin')
      await rig.sql('lock table payments in access exclusive mode')
      const waiting = Array.from({ length: 3 }, () => listPayments(backend)(first!))
      await rig.until('payments.list does not wait for a locked table', async () => {
        const [row] = await rig.sql('select count(*)::int as n from pg_locks where not granted')
        return row.n > 0
      }, 5000)
      const answer = await backend.trpc('leads.list', { token: second!.token, signal: AbortSignal.timeout(4000) }).catch(() => undefined)
      await rig.sql('commit')
      await Promise.all(waiting)
      assert.ok(answer, 'one customer’s slow request keeps another customer waiting')
      ownLeads(second!, answer)
    },
  },
  {
    id: 'failure-leaves-nothing',
    tier: 'expert',
    text: 'Requests that fail in the database leave no open transaction, no lost connection and no state behind.',
    async check(rig) {
      const [failing, other] = await customersOf(rig, 2)
      const backend = await rig.start()
      const bad = { name: 'a\u0000b', email: 'a@example.com' }
      const failures = Array.from({ length: 30 }, () => backend.trpc('leads.create', {
        token: failing!.token, mutate: bad, signal: AbortSignal.timeout(8000),
      }).catch(() => undefined))
      for (const answer of await Promise.all(failures)) {
        assert.ok(answer, 'a request that fails in the database takes a connection away: later ones get no answer')
        assert.ok(answer.status >= 400, 'a name that cannot be stored is accepted')
      }
      const signal = AbortSignal.timeout(5000)
      for (let n = 0; n < 12; n++) {
        const answer = await backend.trpc('leads.list', { token: other!.token, signal }).catch(() => undefined)
        assert.ok(answer, 'after requests that failed, no connection is left for others')
        assert.equal(answer.status, 200, `after requests that failed, leads.list is answered with ${answer.status}`)
      }
      const [row] = await rig.sql(`select count(*)::int as n from pg_stat_activity
        where datname = current_database() and state like 'idle in transaction%'`)
      assert.equal(row.n, 0, `${row.n} transactions stay open after requests that failed`)
    },
  },
  {
    id: 'closed-without-tenant',
    tier: 'expert',
    text: 'Whoever is no customer, or is not signed in, gets nothing, whoever asked before.',
    async check(rig) {
      const customers = await customersOf(rig, 3)
      const stranger = await rig.person()
      await rig.sql('delete from mentorados where id = $1', [stranger.mentoradoId])
      const backend = await rig.start()
      for (const path of ['leads.list', 'payments.list', 'leads.stats']) {
        for (const { token } of customers) await backend.trpc(path, { token })
        const answers = await Promise.all([stranger.token, rig.forged(customers[0]!.clerkId), undefined]
          .map((token) => backend.trpc(path, token ? { token } : {})))
        for (const { status, text } of answers) {
          assert.ok([401, 403].includes(status), `${path} answers ${status} to somebody who is no customer`)
          assert.doesNotMatch(text, /mark-|amountCents|total/, `${path} shows data to somebody who is no customer`)
        }
      }
    },
  },
  {
    id: 'fault-is-tested',
    tier: 'expert',
    text: 'Tests come with the fix: they pass, and fail on the code as it was.',
    async check(rig) {
      const test = ['bun', 'test', 'server']
      const now = await rig.run(test)
      assert.equal(now.code, 0, `bun test server ends with ${now.code}: ${lastLines(now.output)}`)
      await withPrevious({ folder: import.meta.dirname }, async (old) => {
        const tests = readdirSync(join(rig.folder, 'server'), { recursive: true, encoding: 'utf8' })
          .filter((path) => /[._](test|spec)\.[jt]sx?$/.test(path))
        for (const path of tests) cpSync(join(rig.folder, 'server', path), join(old, 'server', path))
        const before = await rig.run(test, {}, old)
        assert.notEqual(before.code, 0, 'the tests also pass on the code that mixes customers up')
      })
    },
  },
])
