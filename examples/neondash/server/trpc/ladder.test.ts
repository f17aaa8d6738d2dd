import { expect, test } from 'bun:test'
import { mentors } from '../../drizzle/schema'
import { ROLES } from '../../shared/roles'
import { addMentorado, addStaff, addUser, type Client, serve } from '../../test/programme'
import { testDeps, withDatabase } from '../../test/start'
import { appRouter } from './router'

const { db } = await withDatabase()
const api = serve(testDeps({ db, env: { ACTOR_LIMIT_PER_MINUTE: 10_000 } }))
for (const role of ROLES) {
  if (role === 'clinica_staff') continue
  const { userId } = await addMentorado(db, role, { role })
  if (role === 'mentor') await db.insert(mentors).values({ userId })
}
const clinic = await addMentorado(db, 'clinic', { role: 'clinica_owner' })
await addStaff(db, 'clinica_staff', clinic.mentoradoId)
await addUser(db, 'unlinked', 'admin')

const key = 'key-of-the-ladder'
const dates = { startsAt: '2026-12-01T10:00:00Z', endsAt: '2026-12-01T11:00:00Z' }
const people = ['visitor', ...ROLES, 'unlinked'] as const
type Person = (typeof people)[number]
type Call = (client: Client) => Promise<unknown>

const CLINIC = ['admin', 'mentor', 'mentorado', 'clinica_owner'] as const
const AGENDA = [...CLINIC, 'clinica_staff'] as const

/** Who gets past each procedure's rungs. What lies behind may still say that a row is not there. */
const matrix: Record<string, { may: readonly Person[]; call: Call }> = {
  'me.get': { may: people, call: (c) => c.me.get.query() },
  'impersonation.start': {
    may: ['admin', 'mentor', 'unlinked'],
    call: (c) => c.impersonation.start.mutate({ mentoradoId: 999_999 as never, reason: 'ladder' }),
  },
  'impersonation.stop': { may: [...ROLES, 'unlinked'], call: (c) => c.impersonation.stop.mutate() },
  'leads.list': { may: CLINIC, call: (c) => c.leads.list.query({}) },
  'leads.byId': { may: CLINIC, call: (c) => c.leads.byId.query({ id: 0 }) },
  'leads.create': { may: CLINIC, call: (c) => c.leads.create.mutate({ key, name: 'Eva', email: null }) },
  'leads.move': { may: CLINIC, call: (c) => c.leads.move.mutate({ key: `${key}-m`, id: 0, stage: 'won' }) },
  'leads.archive': { may: CLINIC, call: (c) => c.leads.archive.mutate({ key: `${key}-a`, id: 0 }) },
  'payments.list': { may: CLINIC, call: (c) => c.payments.list.query({}) },
  'payments.cancel': { may: CLINIC, call: (c) => c.payments.cancel.mutate({ key: `${key}-p`, id: 0 }) },
  'sessions.list': { may: AGENDA, call: (c) => c.sessions.list.query({}) },
  'sessions.cancel': { may: AGENDA, call: (c) => c.sessions.cancel.mutate({ key: `${key}-c`, id: 0 }) },
  'sessions.schedule': {
    may: ['mentor'],
    call: (c) => c.sessions.schedule.mutate({ key: `${key}-s`, mentoradoId: 999_999 as never, ...dates }),
  },
  'sessions.changes': { may: AGENDA, call: started },
  'staff.link': {
    may: ['admin', 'unlinked'],
    call: (c) => c.staff.link.mutate({ key: `${key}-l`, userId: 999_999, mentoradoId: 999_999 as never }),
  },
  'staff.unlink': {
    may: ['admin', 'unlinked'],
    call: (c) => c.staff.unlink.mutate({ key: `${key}-u`, userId: 999_999 }),
  },
}

/** A subscription is past the rungs when it starts. */
function started(client: Client): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const subscription = client.sessions.changes.subscribe(
      {},
      { onStarted: () => setTimeout(done, 100), onError: reject },
    )
    const done = () => {
      subscription.unsubscribe()
      resolve('started')
    }
  })
}

test('every procedure is in the matrix', () => {
  expect(Object.keys(matrix).sort()).toEqual(Object.keys(appRouter._def.procedures).sort())
})

for (const [path, { may, call }] of Object.entries(matrix))
  test(path, async () => {
    const outcomes = await Promise.all(
      people.map(async (person) => {
        const client = api.as(person === 'visitor' ? {} : { sub: person })
        const outcome = await call(client).then(
          () => 'ok',
          (error) => error.data?.code ?? error,
        )
        return [person, outcome === 'NOT_FOUND' ? 'ok' : outcome]
      }),
    )
    const refusal = (person: Person) => (person === 'visitor' ? 'UNAUTHORIZED' : 'FORBIDDEN')
    const expected = people.map((person) => [person, may.includes(person) ? 'ok' : refusal(person)])
    expect(outcomes).toEqual(expected)
  })

test('an unknown account is told so, under a request id', async () => {
  const error = await api
    .as({ sub: 'nobody' })
    .me.get.query()
    .catch((e) => e)
  expect(error.message).toBe('Account not provisioned')
  expect(error.data).toMatchObject({ code: 'UNAUTHORIZED', requestId: expect.any(String) })
})
