import { expect, test } from 'bun:test'
import { and, eq, isNull, sql } from 'drizzle-orm'
import { auditLog, impersonationGrants, users } from '../../drizzle/schema'
import type { MentoradoId } from '../../shared/contracts'
import { addMentor, addMentorado, addUser, serve } from '../../test/programme'
import { testDeps, withDatabase } from '../../test/start'

const { db, connect } = await withDatabase()
const api = serve(testDeps({ db }))
const mentor = await addMentor(db, 'mentor')
const admin = await addUser(db, 'admin', 'admin')
const ana = await addMentorado(db, 'ana', { mentorId: mentor.mentorId })
const bia = await addMentorado(db, 'bia')

const reason = 'ticket 4711'
const start = (sub: string, mentoradoId: MentoradoId, canWrite = false) =>
  api.as({ sub }).impersonation.start.mutate({ mentoradoId, reason, canWrite })
const key = () => crypto.randomUUID()
const lead = () => ({ key: key(), name: 'Eva', email: `${key()}@example.com` })
const codeOf = (error: { data?: { code: string } }) => error.data?.code
const refused = async (call: Promise<unknown>) =>
  expect(await call.then(() => 'ok', codeOf)).toBe('FORBIDDEN')
const trail = (target: string) =>
  db
    .select({ action: auditLog.action, actor: auditLog.actorUserId, subject: auditLog.subjectMentoradoId })
    .from(auditLog)
    .where(eq(auditLog.target, target))
    .orderBy(auditLog.id)

test('a grant shows the tenant of another, read-only, and leaves a trail', async () => {
  await api.as({ sub: 'ana' }).leads.create.mutate({ ...lead(), name: 'of Ana' })
  const { grantId } = await start('mentor', ana.mentoradoId)
  const acting = api.as({ sub: 'mentor', grant: grantId })
  expect((await acting.leads.list.query({})).items).toMatchObject([{ name: 'of Ana' }])
  expect(await acting.me.get.query()).toMatchObject({
    userId: mentor.userId,
    impersonation: { grantId, mentoradoId: ana.mentoradoId, canWrite: false },
  })
  await refused(acting.leads.create.mutate(lead()))
  expect(await api.as({ sub: 'mentor' }).impersonation.stop.mutate()).toEqual({ ended: 1 })
  await refused(acting.leads.list.query({}))
  const row = { actor: mentor.userId, subject: ana.mentoradoId }
  expect(await trail(grantId)).toEqual([
    { ...row, action: 'impersonation.start' },
    { ...row, action: 'impersonation.stop' },
  ])
})

test('writing needs a grant that says so, and each write is in the trail', async () => {
  const { grantId } = await start('mentor', ana.mentoradoId, true)
  const acting = api.as({ sub: 'mentor', grant: grantId })
  const input = lead()
  const { id } = await acting.leads.create.mutate(input)
  await acting.leads.create.mutate(input)
  expect(await api.as({ sub: 'ana' }).leads.byId.query({ id })).toMatchObject({ email: input.email })
  expect((await trail(grantId)).map(({ action }) => action)).toEqual(['impersonation.start', 'leads.create'])
})

test('money, deletion and staff rights stay out of reach with any grant', async () => {
  const { grantId } = await start('mentor', ana.mentoradoId, true)
  const acting = api.as({ sub: 'mentor', grant: grantId })
  await refused(acting.leads.archive.mutate({ key: key(), id: 1 }))
  await refused(acting.payments.cancel.mutate({ key: key(), id: 1 }))
  await refused(acting.impersonation.start.mutate({ mentoradoId: bia.mentoradoId, reason }))
  const [startsAt, endsAt] = ['2026-12-01T10:00:00Z', '2026-12-01T11:00:00Z']
  await refused(
    acting.sessions.schedule.mutate({ key: key(), mentoradoId: ana.mentoradoId, startsAt, endsAt }),
  )
})

test('a grant never opens a module that its subject has not', async () => {
  const staff = await addMentorado(db, 'staff', { role: 'clinica_staff' })
  const { grantId } = await start('admin', staff.mentoradoId)
  const acting = api.as({ sub: 'admin', grant: grantId })
  await refused(acting.payments.list.query({}))
  expect(await acting.sessions.list.query({})).toEqual({ items: [], nextCursor: null })
})

test('a header is only a name: foreign, expired, unknown and malformed grants are refused, for every call', async () => {
  const { grantId } = await start('mentor', ana.mentoradoId)
  const [expired] = await db
    .insert(impersonationGrants)
    .values({
      actorUserId: mentor.userId,
      subjectMentoradoId: ana.mentoradoId,
      reason,
      startedAt: sql`now() - interval '2 hours'`,
      expiresAt: sql`now() - interval '1 second'`,
    })
    .returning()
  await refused(api.as({ sub: 'admin', grant: grantId }).leads.list.query({}))
  await refused(api.as({ sub: 'bia', grant: grantId }).leads.list.query({}))
  for (const grant of [expired!.id, key(), `${ana.mentoradoId}`, "' or true --"])
    for (const call of ['leads', 'sessions'] as const)
      await refused(api.as({ sub: 'mentor', grant })[call].list.query({}))
  expect(await api.as({ grant: grantId }).me.get.query()).toBeNull()
})

test('a grant dies with the role, and with the account, of either side', async () => {
  const operator = await addUser(db, 'operator', 'mentor')
  const cleo = await addMentorado(db, 'cleo')
  const { grantId } = await start('operator', cleo.mentoradoId)
  const acting = api.as({ sub: 'operator', grant: grantId })
  const set = (userId: number, change: Partial<typeof users.$inferInsert>) =>
    db.update(users).set(change).where(eq(users.id, userId))
  await acting.leads.list.query({})
  await set(operator.userId, { role: 'mentorado' })
  await refused(acting.leads.list.query({}))
  await refused(start('operator', cleo.mentoradoId))
  await set(operator.userId, { role: 'mentor' })
  await acting.leads.list.query({})
  await set(cleo.userId, { deletedAt: new Date() })
  await refused(acting.leads.list.query({}))
  await set(operator.userId, { deletedAt: new Date() })
  expect(await acting.leads.list.query({}).catch(codeOf)).toBe('UNAUTHORIZED')
})

test("Clerk's own impersonation names the operator as actor and gives nothing without a grant", async () => {
  const claims = { act: { sub: 'mentor' } }
  await refused(api.as({ sub: 'ana', claims }).leads.list.query({}))
  const { grantId: grant } = await start('mentor', ana.mentoradoId)
  expect(await api.as({ sub: 'ana', claims, grant }).me.get.query()).toMatchObject({ userId: mentor.userId })
  await refused(api.as({ sub: 'bia', claims, grant }).leads.list.query({}))
})

test('starting again ends the last grant, also when both start at once', async () => {
  const rival = await connect()
  await rival.query('begin')
  await rival.query('select from users where id = $1 for update', [admin.userId])
  const starts = Promise.all([ana, bia, ana, bia].map(({ mentoradoId }) => start('admin', mentoradoId)))
  await Bun.sleep(300) // all four wait
  await rival.query('rollback')
  const started = await starts
  const mine = and(eq(impersonationGrants.actorUserId, admin.userId), isNull(impersonationGrants.endedAt))
  expect(await db.$count(impersonationGrants, mine)).toBe(1)
  const trails = await Promise.all(started.map(({ grantId }) => trail(grantId)))
  expect(trails.map((rows) => rows.length).sort()).toEqual([1, 2, 2, 2])
  expect(await api.as({ sub: 'admin' }).impersonation.stop.mutate()).toEqual({ ended: 1 })
  expect(await api.as({ sub: 'admin' }).impersonation.stop.mutate()).toEqual({ ended: 0 })
})

test('only staff starts, for a tenant that exists, never for a colleague, and at most an hour', async () => {
  const colleague = await addMentorado(db, 'colleague', { role: 'mentor' })
  await refused(start('admin', colleague.mentoradoId))
  await refused(start('ana', bia.mentoradoId))
  expect(await start('admin', 999_999 as MentoradoId).catch(codeOf)).toBe('NOT_FOUND')
  const long = { mentoradoId: ana.mentoradoId, reason, minutes: 61 }
  expect(await api.as({ sub: 'admin' }).impersonation.start.mutate(long).catch(codeOf)).toBe('BAD_REQUEST')
})
