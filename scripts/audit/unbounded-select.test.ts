import { rule } from './unbounded-select.ts'
import { testRule } from './testing.ts'

testRule(rule, [
  ['a list of everything', "export const r = router({\n  list: publicProcedure.query(({ ctx }) => ctx.db.select().from(leads).orderBy(leads.id)),\n  all: publicProcedure.query(async ({ ctx }) => { return await ctx.db.query.leads.findMany() }),\n})", [
    'server/api.ts:2:44 warning this returns every row of "leads"; add where() and limit(), with a cursor for the next page',
    'server/api.ts:3:64 warning this returns every row of "leads"; add where() and limit(), with a cursor for the next page',
  ]],
  ['bounded, counted, a subquery, outside of handlers', "export const r = router({\n  a: publicProcedure.query(({ ctx }) => ctx.db.select().from(leads).limit(20)),\n  b: publicProcedure.query(({ ctx }) => ctx.db.select().from(leads).where(eq(leads.id, 1))),\n  c: publicProcedure.query(({ ctx }) => ctx.db.select({ n: count() }).from(leads)),\n  d: publicProcedure.query(({ ctx }) => { const ids = ctx.db.select({ id: leads.id }).from(leads); return ctx.db.select().from(a).where(inArray(a.id, ids)) }),\n  f: publicProcedure.query(({ ctx }) => ctx.db.select().from(settings).get()),\n  e: publicProcedure.query(({ ctx }) => ctx.db.query.leads.findMany({ limit: 5 })),\n})\nexport const load = () => db.select().from(leads)", []],
])
