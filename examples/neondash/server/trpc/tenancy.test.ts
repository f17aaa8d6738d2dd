import { expect, test } from 'bun:test'
import { and, eq, sql } from 'drizzle-orm'
import { leads, mentorados, payments, sessions } from '../../drizzle/schema'
import { addMentor, addMentorado, addStaff, addUser } from '../../test/programme'
import { testDeps, withDatabase } from '../../test/start'
import { databaseSessions } from '../auth/accounts'
import { resolveContext } from '../auth/context'
import { recordAgenda } from '../services/agenda'
import { createLeadService } from '../services/leads'
import { createCallerFactory } from './init'
import { appRouter } from './router'

const { db } = await withDatabase()
const deps = testDeps({ db })
const { mentorId } = await addMentor(db, 'mentor')
await addMentor(db, 'other_mentor')
const a = await addMentorado(db, 'tenant_a', { mentorId })
const other = await addMentorado(db, 'tenant_b')
await addUser(db, 'admin', 'admin')

const CANARY = 'CANARY_A'
/** A's ids, for answers without text. */
const CANARY_ID = 777_000_777
for (const table of ['leads', 'sessions', 'payments'])
  await db.execute(sql.raw(`alter table ${table} alter column id restart with ${CANARY_ID}`))
const mentoradoId = a.mentoradoId
const [lead] = await db
  .insert(leads)
  .values({ mentoradoId, name: CANARY, email: `${CANARY}@example.com`, phone: CANARY, stage: CANARY })
  .returning()
const [session] = await db
  .insert(sessions)
  .values({ mentoradoId, mentorId, startsAt: new Date('2026-12-01'), endsAt: new Date('2026-12-02') })
  .returning()
const [payment] = await db
  .insert(payments)
  .values({ mentoradoId, provider: 'stripe', providerRef: CANARY, amountCents: 100, status: 'pending' })
  .returning()
await db.update(mentorados).set({ turma: CANARY }).where(eq(mentorados.id, mentoradoId))
const by = { actorId: a.userId, requestId: CANARY }
await db.transaction((tx) =>
  recordAgenda(tx, mentoradoId, { action: 'session.scheduled', sessionId: session!.id, ...by }),
)

async function callerOf(sub: string) {
  const identity = { clerkId: sub, actorClerkId: sub }
  const who = await resolveContext({ db, sessionSource: databaseSessions(db) }, identity, undefined, 'POST')
  return createCallerFactory(appRouter)({ ...deps, requestId: 'req_1', ...who })
}
type Caller = Awaited<ReturnType<typeof callerOf>>
const b = await callerOf('tenant_b')

let keys = 0
const key = () => `tenancy-${++keys}`
const dates = { startsAt: '2026-12-01T10:00:00Z', endsAt: '2026-12-01T11:00:00Z' }

// #region isolation-cases
/** Every tenant-scoped procedure, called by B with the ids of A. */
const cases: Record<string, (b: Caller) => Promise<unknown>> = {
  'leads.list': (b) => b.leads.list({ cursor: { at: '2999-01-01T00:00:00Z', id: lead!.id } }),
  'leads.byId': (b) => b.leads.byId({ id: lead!.id }),
  // #endregion
  'leads.create': (b) => b.leads.create({ key: key(), name: 'Eva', email: null, ...{ mentoradoId } }),
  'leads.move': (b) => b.leads.move({ key: key(), id: lead!.id, stage: 'won' }),
  'leads.archive': (b) => b.leads.archive({ key: key(), id: lead!.id }),
  'payments.list': (b) => b.payments.list({}),
  'payments.cancel': (b) => b.payments.cancel({ key: key(), id: payment!.id }),
  'sessions.list': (b) => b.sessions.list({}),
  'sessions.cancel': (b) => b.sessions.cancel({ key: key(), id: session!.id }),
  async 'sessions.changes'(b) {
    const stream = (await b.sessions.changes({ lastEventId: '0' }))[Symbol.asyncIterator]()
    const first = await Promise.race([stream.next(), Bun.sleep(200)])
    return first ?? 'nothing'
  },
}

async function checksumOfA(): Promise<string> {
  const { rows } = await db.execute<{ md5: string }>(sql`
    select md5(string_agg(row, '|' order by row)) from (
      select l::text as row from leads l where mentorado_id = ${mentoradoId}
      union all select p::text from payments p where mentorado_id = ${mentoradoId}
      union all select s::text from sessions s where mentorado_id = ${mentoradoId}
      union all select m::text from mentorados m where id = ${mentoradoId}
    ) rows`)
  return rows[0]!.md5
}

// #region isolation-test
// Typed as a tree, flat at run time.
const procedures = appRouter._def.procedures as unknown as Record<
  string,
  { _def: { meta?: { scope?: string } } }
>
const scoped = Object.entries(procedures).filter(([, { _def }]) => _def.meta?.scope === 'tenant')

test.each(scoped.map(([path]) => path))('%s keeps A from B', async (path) => {
  const before = await checksumOfA()
  const outcome = await cases[path]!(b).catch((error) => error.code) // no case: fails
  expect(JSON.stringify(outcome)).not.toMatch(/CANARY_A|777000777/) // A's text columns and ids
  expect(JSON.stringify(outcome)).not.toMatch(/CONFLICT|FORBIDDEN|INTERNAL/) // they would tell that the row exists
  expect(await checksumOfA()).toBe(before)
})
// #endregion

test('nor does staff of B, whose role opens fewer modules', async () => {
  await addStaff(db, 'staff_b', other.mentoradoId)
  const staff = await callerOf('staff_b')
  const before = await checksumOfA()
  for (const [path, call] of Object.entries(cases)) {
    const outcome = JSON.stringify(await call(staff).catch((error) => error.code))
    expect(outcome).not.toMatch(/CANARY_A|777000777|CONFLICT|INTERNAL/)
    if (/^(leads|payments)\./.test(path)) expect(outcome).toBe('"FORBIDDEN"')
    else expect(outcome).not.toContain('FORBIDDEN')
  }
  expect(await checksumOfA()).toBe(before)
})

test('no input replaces the tenant', async () => {
  const input = { name: 'Eva', email: null, mentoradoId }
  const { id } = await createLeadService(db).create(other.mentoradoId, input)
  expect(await db.$count(leads, and(eq(leads.id, id), eq(leads.mentoradoId, other.mentoradoId)))).toBe(1)
})

test('the cases would notice: A itself gets the canary', async () => {
  const own = await callerOf('tenant_a')
  for (const path of ['payments.list', 'sessions.list'])
    expect(JSON.stringify(await cases[path]!(own))).toContain(String(CANARY_ID))
  expect(JSON.stringify(await cases['leads.list']!(own))).toContain(CANARY)
  expect(JSON.stringify(await cases['sessions.changes']!(own))).toContain(String(session!.id))
})

test('a mentor schedules for own mentees only', async () => {
  const foreign = await callerOf('other_mentor')
  const input = () => ({ key: key(), mentoradoId, ...dates })
  expect(await foreign.sessions.schedule(input()).catch((error) => error.code)).toBe('NOT_FOUND')
  expect(await (await callerOf('mentor')).sessions.schedule(input())).toMatchObject({ status: 'scheduled' })
})

test('tables without a tenant key are these', async () => {
  const { rows } = await db.execute<{ name: string }>(sql`
    select c.relname as name from pg_class c
    where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace
      and not exists (select from pg_attribute a where a.attrelid = c.oid and a.attname like '%mentorado_id' and not a.attisdropped)`)
  const global = [
    'idempotency_keys',
    'integration_events',
    'job_runs',
    'mentorados',
    'mentors',
    'outbox',
    'users',
  ]
  expect(
    rows
      .map(({ name }) => name)
      .filter((name) => !name.startsWith('neondash_'))
      .sort(),
  ).toEqual(global)
})
