import { afterAll, describe, expect, test } from 'bun:test'
import { addMentorado, addUser, clientOf, serve } from '../../test/programme'
import { startServing } from '../../test/serving'
import { changeRole, openCache } from '../../test/session-cache'
import { hasRedis, withDatabase, withRedis } from '../../test/start'
import { clerkDelivery, stripeDelivery, until, userDeleted } from '../../test/webhooks'
import { createApp } from '../app'
import { startDispatcher } from '../outbound/outbox'
import { createTopics } from '../outbound/topics'
import { createWebhookWorker } from '../webhooks/worker'

const { db, env } = await withDatabase()
const codeOf = (error: { data?: { code: string } }) => error.data?.code

describe.skipIf(!hasRedis)('requests', async () => {
  const redis = await withRedis()
  /** One takes webhooks and works, the other serves; their clocks stand still, so no TTL ever ends. */
  const [working, serving] = [await openCache(db, redis.client), await openCache(db, await redis.open())]
  const webhooks = createApp(working.deps)
  const api = serve(serving.deps)
  const worker = createWebhookWorker(working.deps)
  worker.start()
  const dispatcher = startDispatcher(working.deps, createTopics(working.deps), 20)
  afterAll(() => Promise.all([worker.stop(), dispatcher.stop()]))

  test('a read of somebody known does not ask who they are', async () => {
    await addMentorado(db, 'ana')
    const read = () => api.as({ sub: 'ana' }).me.get.query()
    expect(await serving.queriesOf(read)).toBe(1)
    expect(await serving.queriesOf(read)).toBe(0)
  })

  test('a write trusts no cache: the role is gone with the commit', async () => {
    await addMentorado(db, 'bia')
    const bia = api.as({ sub: 'bia' })
    const lead = () => ({ key: crypto.randomUUID(), name: 'Eva', email: null })
    await bia.leads.create.mutate(lead())
    await changeRole(db, 'bia', 'pending')
    expect(await bia.leads.create.mutate(lead()).catch(codeOf)).toBe('FORBIDDEN')
  })

  test('a promotion by webhook reaches the next requests everywhere', async () => {
    const { mentoradoId } = await addMentorado(db, 'caio')
    const role = async () => (await api.as({ sub: 'caio' }).me.get.query())?.role
    expect(await role()).toBe('mentorado')
    const object = { id: 'sub_1', status: 'active', metadata: { mentoradoId: String(mentoradoId) } }
    const data = { object, previous_attributes: { status: 'trialing' } }
    const { path, init } = await stripeDelivery({ id: 'evt_1', type: 'customer.subscription.updated', data })
    expect((await webhooks.request(path, init)).ok).toBe(true)
    await until(async () => (await role()) === 'clinica_owner', 2_000)
  })

  test('a deletion by webhook ends the access', async () => {
    await addMentorado(db, 'davi')
    const list = () => api.as({ sub: 'davi' }).leads.list.query({}).catch(codeOf)
    expect(await list()).toEqual({ items: [], nextCursor: null })
    const { path, init } = clerkDelivery(userDeleted('davi'))
    expect((await webhooks.request(path, init)).ok).toBe(true)
    await until(async () => (await list()) === 'UNAUTHORIZED', 2_000)
  })

  test('the subject of a grant is in no entry: what ended has ended', async () => {
    const { mentoradoId } = await addMentorado(db, 'eva')
    await addUser(db, 'admin', 'admin')
    const admin = api.as({ sub: 'admin' })
    const { grantId } = await admin.impersonation.start.mutate({ mentoradoId, reason: 'ticket 4711' })
    const acting = () => api.as({ sub: 'admin', grant: grantId }).leads.list.query({}).catch(codeOf)
    expect(await acting()).toEqual({ items: [], nextCursor: null })
    expect(await admin.me.get.query()).toMatchObject({ role: 'admin', mentoradoId: null })
    await admin.impersonation.stop.mutate()
    expect(await acting()).toBe('FORBIDDEN')
    expect(await redis.client.hget('session:admin', 'd')).toContain('"role":"admin","mentoradoId":null')
    expect(await redis.client.exists('session:eva')).toBe(false)
  })

  test("Clerk's own impersonation uses the operator's entry, not the subject's", async () => {
    await addMentorado(db, 'fabio')
    const claims = { act: { sub: 'admin' } }
    expect(await api.as({ sub: 'fabio', claims }).me.get.query().catch(codeOf)).toBe('FORBIDDEN')
    expect(await redis.client.exists('session:fabio')).toBe(false)
  })

  test('an instance as deployed shares what it read', async () => {
    await addMentorado(db, 'gil')
    const { DATABASE_URL, DATABASE_POOLED = false } = env
    const database = { DATABASE_URL, DATABASE_POOLED: String(DATABASE_POOLED) }
    const deployed = await startServing({ ...database, REDIS_URL: redis.url })
    await clientOf(deployed.url, { sub: 'gil' }).me.get.query()
    expect(await redis.client.hget('session:gil', 'd')).toContain('"role":"mentorado"')
    expect(await deployed.end('SIGTERM')).toBe(0)
  }, 15_000)
})
