import { expect, test } from 'bun:test'
import { eq, sql } from 'drizzle-orm'
import { impersonationGrants as grants, users } from '../../drizzle/schema'
import { addMentor, addUser, until } from '../../test/programme'
import { hasRedis, testDeps, withDatabase, withRedis } from '../../test/start'
import { withStreams } from '../../test/streams'

const { db } = await withDatabase()
const deps = testDeps({ db })
const { api, add, tenant, schedule, follow, listen, open } = withStreams(deps, await addMentor(db, 'mentor'))
await addUser(db, 'operator', 'admin')
type Tenant = Awaited<ReturnType<typeof tenant>>

/** Both kinds of stream of a tenant, read by somebody else under a grant; the tenant's own goes on beside them. */
async function watched(ana: Tenant, at = api) {
  const { grantId: grant } = await at.as({ sub: 'operator' }).impersonation.start.mutate({
    mentoradoId: ana.mentoradoId,
    reason: 'ticket 4711',
  })
  const reader = { sub: 'operator', grant }
  const [typed, plain, own] = [
    await follow(reader, { at }),
    await listen(reader, { at }),
    await listen(ana, { at }),
  ]
  const first = await schedule(ana, at)
  await until(() => typed.seen.sessions.length === 1 && own.seen.text.includes(`"sessionId":${first.id}`))
  await until(() => plain.seen.text.includes(`"sessionId":${first.id}`))
  return { grant, typed, plain, own }
}
type Watched = Awaited<ReturnType<typeof watched>>

async function expectEnded({ typed, plain, own }: Watched) {
  await until(() => typed.seen.errors.length > 0 && plain.seen.ended)
  expect(typed.seen).toMatchObject({ errors: ['No valid grant'], completed: false })
  expect(own.seen.ended).toBe(false)
  own.stop()
  await until(() => open() === 0)
  expect(deps.lines.filter(({ level }) => level === 'error')).toEqual([])
}

test('streams end with the grant that its holder stops', async () => {
  const streams = await watched(await tenant())
  await api.as({ sub: 'operator' }).impersonation.stop.mutate()
  await expectEnded(streams)
})

test('streams end with the grant that a new one replaces', async () => {
  const streams = await watched(await tenant())
  const other = await tenant()
  const start = api.as({ sub: 'operator' }).impersonation.start
  await start.mutate({ mentoradoId: other.mentoradoId, reason: 'ticket 4712' })
  await expectEnded(streams)
})

test('streams end when the grant expires, without a change that would wake them', async () => {
  const ana = await tenant()
  const { grantId } = await api
    .as({ sub: 'operator' })
    .impersonation.start.mutate({ mentoradoId: ana.mentoradoId, reason: 'ticket 4713' })
  const soon = { expiresAt: sql`now() + interval '600 milliseconds'` }
  await db.update(grants).set(soon).where(eq(grants.id, grantId))
  const reader = { sub: 'operator', grant: grantId }
  await expectEnded({
    grant: grantId,
    typed: await follow(reader),
    plain: await listen(reader),
    own: await listen(ana),
  })
})

test('what changes after the end is not sent, though nobody told this instance of it', async () => {
  const ana = await tenant()
  const streams = await watched(ana)
  await db.update(grants).set({ endedAt: sql`now()` }).where(eq(grants.id, streams.grant))
  const later = await schedule(ana)
  await until(() => streams.own.seen.text.includes(`"sessionId":${later.id}`))
  await until(() => streams.typed.seen.errors.length > 0)
  expect(streams.typed.seen.sessions).not.toContain(later.id)
  expect(streams.plain.seen.text).not.toContain(`"sessionId":${later.id}`)
  await expectEnded(streams)
})

test('nor what changes after the operator lost the role', async () => {
  const ana = await tenant()
  const streams = await watched(ana)
  const role = (role: 'admin' | 'pending') =>
    db.update(users).set({ role }).where(eq(users.clerkId, 'operator'))
  await role('pending')
  await schedule(ana)
  await expectEnded(streams)
  await role('admin')
})

if (hasRedis)
  test('a stop on one instance ends streams of another', async () => {
    const redis = await withRedis()
    const [here, there] = [testDeps({ db, redis: redis.client }), testDeps({ db, redis: await redis.open() })]
    const [hereApi, thereApi] = [add(here), add(there)]
    const { typed, plain, own } = await watched(await tenant(), thereApi)
    await hereApi.as({ sub: 'operator' }).impersonation.stop.mutate()
    await until(() => typed.seen.errors.length > 0 && plain.seen.ended)
    own.stop()
    await Promise.all([here, there].map(({ lifecycle }) => lifecycle.shutdown('test')))
  }, 20_000)
