import { rule } from './unvalidated-input.ts'
import { testRule } from './testing.ts'

testRule(rule, [
  ['procedures that take anything', "export const a = publicProcedure.input(z.any()).mutation(({ input }) => save(input))\nexport const b = publicProcedure.input((x) => x as Lead).mutation(({ input }) => save(input))\nexport const c = publicProcedure.input(z.unknown()).query(({ input }) => input)", [
    'server/api.ts:1:40 error .input() takes z.any(); give it a bounded schema',
    'server/api.ts:2:40 error .input() returns what it was given; give it a bounded schema',
    'server/api.ts:3:40 error .input() takes z.unknown(); give it a bounded schema',
  ]],
  ['a body straight into the database', "import { Hono } from 'hono'\nconst app = new Hono()\napp.post('/leads', async (c) => {\n  const body = await c.req.json()\n  await db.insert(leads).values(body)\n  return c.json({})\n})\napp.post('/x', async (c) => {\n  const { name } = await c.req.json<Lead>()\n  return c.json(await db.insert(leads).values({ name }))\n})", [
    'server/api.ts:4:22 warning the body is used as it was sent; parse it with a schema first',
    'server/api.ts:9:26 warning the body is used as it was sent; parse it with a schema first',
  ]],
  ['parsed, validated by middleware, checked by hand', "import { Hono } from 'hono'\nconst app = new Hono()\napp.post('/a', async (c) => { const body = lead.parse(await c.req.json()) })\napp.post('/b', async (c) => { const body = await c.req.json(); const data = lead.safeParse(body) })\napp.post('/c', zValidator('json', lead), async (c) => { const raw = await c.req.json(); save(raw) })\napp.post('/d', async (c) => { const { name } = await c.req.json(); if (typeof name !== 'string') return c.json({}, 400) })\nexport const p = publicProcedure.input(z.object({ id: z.any() })).query(({ input }) => input)\nexport const q = publicProcedure.query(() => 1)", []],
])
