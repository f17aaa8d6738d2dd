import { expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { idempotencyKeys, leads, outbox } from '../../drizzle/schema'
import { addMentorado, serve } from '../../test/programme'
import { testDeps, withDatabase } from '../../test/start'

const { db, connect } = await withDatabase()
const api = serve(testDeps({ db }))
const ana = await addMentorado(db, 'ana')
await addMentorado(db, 'bia')
const asAna = api.as({ sub: 'ana' })
const input = (name: string) => ({ key: crypto.randomUUID(), name, email: `${name}@example.com` })
const codeOf = (error: { data?: { code: string } }) => error.data?.code

test('one key three times at once is one lead, one message and one answer', async () => {
  const eva = input('eva')
  const answers = await Promise.all([1, 2, 3].map(() => api.as({ sub: 'ana' }).leads.create.mutate(eva)))
  expect(new Set(answers.map((answer) => JSON.stringify(answer))).size).toBe(1)
  expect(await db.$count(leads, eq(leads.email, eva.email))).toBe(1)
  expect(await db.$count(outbox, eq(outbox.dedupKey, `lead.created:${answers[0]!.id}`))).toBe(1)
  expect(await api.as({ sub: 'ana' }).leads.create.mutate(eva)).toEqual(answers[0]!)
})

test('a key is of one person, one procedure and one input', async () => {
  const ivo = input('ivo')
  const { id } = await asAna.leads.create.mutate(ivo)
  expect(await asAna.leads.create.mutate({ ...ivo, name: 'Ivo 2' }).catch(codeOf)).toBe(
    'UNPROCESSABLE_CONTENT',
  )
  expect(await asAna.leads.archive.mutate({ key: ivo.key, id }).catch(codeOf)).toBe('UNPROCESSABLE_CONTENT')
  expect((await api.as({ sub: 'bia' }).leads.create.mutate(ivo)).id).not.toBe(id)
})

test('a failure keeps no claim: the same key may try again', async () => {
  const uma = input('uma')
  const taken = await asAna.leads.create.mutate({ ...uma, key: crypto.randomUUID() })
  expect(await asAna.leads.create.mutate(uma).catch(codeOf)).toBe('CONFLICT')
  expect(await db.$count(idempotencyKeys, eq(idempotencyKeys.key, uma.key))).toBe(0)
  await db.update(leads).set({ email: null }).where(eq(leads.id, taken.id))
  expect((await asAna.leads.create.mutate(uma)).email).toBe(uma.email)
})

test('a rival that does not end is SERVICE_UNAVAILABLE after three seconds', async () => {
  const key = crypto.randomUUID()
  const rival = await connect()
  await rival.query('begin')
  await rival.query('insert into idempotency_keys (actor_id, key, request_hash) values ($1, $2, $3)', [
    ana.userId,
    key,
    'x',
  ])
  const startedAt = performance.now()
  const error = await asAna.leads.create.mutate({ ...input('zoe'), key }).catch((e) => e)
  await rival.query('rollback')
  expect([error.data.code, error.message]).toEqual(['SERVICE_UNAVAILABLE', 'Busy, try again'])
  expect(error.meta.response.headers.get('retry-after')).toBe('2')
  expect(performance.now() - startedAt).toBeWithin(2_900, 4_500)
})
