import { expect, test } from 'bun:test'
import { eq, sql } from 'drizzle-orm'
import { auditLog, integrationEvents, outbox, users } from '../../drizzle/schema'
import { addMentor, addMentorado, addStaff, addUser, serve } from '../../test/programme'
import { testDeps, withDatabase } from '../../test/start'
import { userDeleted, work } from '../../test/webhooks'
import { readAccount } from '../auth/accounts'
import { store } from '../webhooks/inbox'

const { db } = await withDatabase()
const deps = testDeps({ db })
const api = serve(deps)
const { mentorId } = await addMentor(db, 'mentor')
const admin = await addUser(db, 'admin', 'admin')
const clinic = await addMentorado(db, 'owner', { mentorId, role: 'clinica_owner' })
const other = await addMentorado(db, 'other', { mentorId, role: 'clinica_owner' })
const bob = await addUser(db, 'bob', 'pending')

const key = () => crypto.randomUUID()
const codeOf = (error: { data?: { code: string } }) => error.data?.code
const asAdmin = api.as({ sub: 'admin' }).staff
const link = (userId: number, mentoradoId = clinic.mentoradoId) =>
  asAdmin.link.mutate({ key: key(), userId, mentoradoId })
const sessionsOf = async (sub: string) =>
  (await api.as({ sub }).sessions.list.query({})).items.map(({ id }) => id)
const schedule = ({ mentoradoId }: typeof clinic) =>
  api.as({ sub: 'mentor' }).sessions.schedule.mutate({
    key: key(),
    mentoradoId,
    startsAt: '2026-12-01T10:00:00Z',
    endsAt: '2026-12-01T11:00:00Z',
  })
const ofClinic = await schedule(clinic)
const ofOther = await schedule(other)
await db.delete(outbox)

test('a linked person works in the agenda of that clinic, and sees nothing else', async () => {
  expect(await api.as({ sub: 'bob' }).sessions.list.query({}).catch(codeOf)).toBe('FORBIDDEN')
  expect(await link(bob.userId)).toEqual({ userId: bob.userId })
  const staff = api.as({ sub: 'bob' })
  expect(await sessionsOf('bob')).toEqual([ofClinic.id])
  expect(await staff.sessions.cancel.mutate({ key: key(), id: ofOther.id }).catch(codeOf)).toBe('NOT_FOUND')
  for (const beyond of [staff.payments, staff.leads])
    expect(await beyond.list.query({}).catch(codeOf)).toBe('FORBIDDEN')
  expect(await sessionsOf('other')).toEqual([ofOther.id])
})

test('the change is told to Clerk and the session cache, and is in the trail', async () => {
  const messages = await db
    .select({ topic: outbox.topic, payload: outbox.payload })
    .from(outbox)
    .orderBy(outbox.topic)
  const { version } = await readAccount(db, 'bob')
  expect(messages).toMatchObject([
    { topic: 'clerk.metadata', payload: { userId: bob.userId } },
    { topic: 'session.changed', payload: { clerkId: 'bob', version } },
  ])
  expect(await db.select().from(auditLog).where(eq(auditLog.action, 'staff.link'))).toMatchObject([
    { actorUserId: admin.userId, subjectMentoradoId: clinic.mentoradoId, target: String(bob.userId) },
  ])
})

test('only somebody who waits for a role is linked, and only to a clinic that is there', async () => {
  const waiting = await addUser(db, 'waiting', 'pending')
  const unready = await addMentorado(db, 'new', { role: 'pending' })
  for (const [userId, mentoradoId] of [
    [bob.userId, other.mentoradoId],
    [other.userId, clinic.mentoradoId],
    [admin.userId, clinic.mentoradoId],
    [999_999, clinic.mentoradoId],
    [waiting.userId, 999_999 as never],
    [waiting.userId, unready.mentoradoId],
  ] as const)
    expect(await link(userId, mentoradoId).catch(codeOf)).toBe('NOT_FOUND')
  expect(await sessionsOf('bob')).toEqual([ofClinic.id])
})

test('unlinked, the person has no tenant, and is no longer staff', async () => {
  await asAdmin.unlink.mutate({ key: key(), userId: bob.userId })
  expect((await readAccount(db, 'bob')).account).toMatchObject({ role: 'pending', mentoradoId: null })
  expect(await asAdmin.unlink.mutate({ key: key(), userId: bob.userId }).catch(codeOf)).toBe('NOT_FOUND')
  await link(bob.userId)
})

test('a tenant of one’s own is not entered as staff, and no other role has a clinic', async () => {
  const both = await addMentorado(db, 'both', { role: 'clinica_staff' })
  expect((await readAccount(db, 'both')).account?.mentoradoId).toBeNull()
  await db.update(users).set({ clinicId: clinic.mentoradoId }).where(eq(users.id, both.userId))
  expect(await sessionsOf('both')).toEqual([ofClinic.id])
  const promotion = db.update(users).set({ role: 'admin' }).where(eq(users.id, both.userId))
  expect(
    await promotion.then(
      () => 'ok',
      (e) => e.cause.constraint,
    ),
  ).toBe('users_clinic_check')
})

test('when the owner is deleted, the staff of that clinic is staff no longer; another’s stays', async () => {
  await addStaff(db, 'carla', other.mentoradoId)
  await db.delete(outbox)
  const payload = userDeleted('owner')
  await store(db, 'clerk', { eventId: 'msg_gone', type: payload.type, payload })
  await work(deps)
  expect(await db.select({ status: integrationEvents.status }).from(integrationEvents)).toEqual([
    { status: 'done' },
  ])
  expect((await readAccount(db, 'bob')).account).toMatchObject({ role: 'pending', mentoradoId: null })
  expect((await readAccount(db, 'carla')).account?.mentoradoId).toBe(other.mentoradoId)
  const { rows } = await db.execute(
    sql`select topic, coalesce(payload ->> 'clerkId', payload ->> 'userId') as who from outbox order by 1, 2`,
  )
  const dismissed = await db.$count(users, sql`clerk_id in ('bob', 'both') and role = 'pending'`)
  expect(dismissed).toBe(2)
  expect(rows.filter(({ topic }) => topic === 'session.changed').map(({ who }) => who)).toEqual([
    'bob',
    'both',
    'owner',
  ])
  expect(rows.filter(({ topic }) => topic === 'clerk.metadata')).toHaveLength(2)
})
