import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { leads } from '../../drizzle/schema'
import type { Cursor } from '../../shared/contracts'
import { addMentorado, serve } from '../../test/programme'
import { testDeps, withDatabase } from '../../test/start'

const { db } = await withDatabase()
const deps = testDeps({ db })
const api = serve(deps)
const ana = await addMentorado(db, 'ana')
const many = await addMentorado(db, 'many')

test.each([false, true])('calls of one tick travel together (streamed: %p)', async (stream) => {
  const client = api.as({ sub: 'ana', stream })
  deps.lines.length = 0
  const [me, page] = await Promise.all([client.me.get.query(), client.leads.list.query({ limit: 1 })])
  expect(me).toEqual({
    userId: ana.userId,
    role: 'mentorado',
    mentoradoId: ana.mentoradoId,
    impersonation: null,
  })
  expect(page).toEqual({ items: [], nextCursor: null })
  expect(deps.lines.filter(({ event }) => event === 'http_request')).toHaveLength(1)
})

test('only listed columns leave', async () => {
  const client = api.as({ sub: 'ana' })
  const lead = await client.leads.create.mutate({ key: crypto.randomUUID(), name: 'Eva', email: null })
  expect(Object.keys(lead).sort()).toEqual(['createdAt', 'email', 'id', 'name', 'stage'])
  expect(lead.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}Z$/)
  expect(
    await client.leads.move.mutate({ key: crypto.randomUUID(), id: lead.id, stage: 'won' }),
  ).toMatchObject({ stage: 'won' })
})

test('pages show each row once, over ties and over rows a microsecond apart', async () => {
  await db.insert(leads).values(
    Array.from({ length: 60 }, (_, i) => ({
      mentoradoId: many.mentoradoId,
      name: `lead ${i}`,
      // Three rows per microsecond, all within one millisecond.
      createdAt: sql`'2026-11-22T12:00:00.000100Z'::timestamptz + ${Math.floor(i / 3)} * interval '1 microsecond'`,
    })),
  )
  const client = api.as({ sub: 'many' })
  const seen: number[] = []
  let cursor: Cursor | null = null
  do {
    const page: Awaited<ReturnType<typeof client.leads.list.query>> = await client.leads.list.query({
      limit: 7,
      cursor,
    })
    seen.push(...page.items.map(({ id }) => id))
    cursor = page.nextCursor
  } while (cursor)
  expect(seen).toHaveLength(60)
  expect(new Set(seen).size).toBe(60)
  expect(seen).toEqual([...seen].sort((one, other) => other - one))
})

test('the page reads one index, from the cursor on', async () => {
  await db.execute(sql`insert into leads (mentorado_id, name, created_at)
    select ${ana.mentoradoId}, 'x', now() - n * interval '1 minute' from generate_series(1, 20000) n`)
  await db.execute(sql`analyze leads`)
  const { rows } = await db.execute<{ 'QUERY PLAN': string }>(sql`explain select id from leads
    where mentorado_id = ${many.mentoradoId} and (created_at, id) < (now(), 5::bigint)
    order by created_at desc, id desc limit 26`)
  const plan = rows.map((row) => row['QUERY PLAN']).join('\n')
  expect(plan).toContain('leads_mentorado_id_created_at_idx')
  expect(plan).not.toContain('Sort')
})
