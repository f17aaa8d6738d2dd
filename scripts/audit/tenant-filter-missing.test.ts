import { rule } from './tenant-filter-missing.ts'
import { testRule } from './testing.ts'

const schema = `import { integer, pgTable } from 'drizzle-orm/pg-core'
export const leads = pgTable('leads', { id: integer().primaryKey(), mentoradoId: integer().notNull() })
export const visits = pgTable('visits', { id: integer().primaryKey(), mentoradoId: integer().notNull() })
export const plans = pgTable('plans', { id: integer().primaryKey() })
`
const head = "import { leads, plans } from './schema'\n"

testRule(rule, [
  ['read, change and delete by id alone', { 'server/schema.ts': schema, 'server/leads.ts': `${head}export const r = router({
  get: mentoradoProcedure.query(({ ctx, input }) => ctx.db.select().from(leads).where(eq(leads.id, input.id))),
  rename: mentoradoProcedure.mutation(({ ctx, input }) => ctx.db.update(leads).set({ name: input.name }).where(eq(leads.id, input.id))),
  list: protectedProcedure.query(({ ctx }) => ctx.db.select().from(leads).where(eq(leads.mentoradoId, ctx.mentorado.id))),
  drop: protectedProcedure.mutation(({ ctx, input }) => ctx.db.delete(leads).where(eq(leads.id, input.id))),
  find: mentoradoProcedure.query(({ ctx, input }) => ctx.db.query.leads.findFirst({ where: eq(leads.id, input.id) })),
})` }, [
    'server/leads.ts:3:53 error this reads rows of "leads" of any tenant; add eq(leads.mentoradoId, <the tenant of ctx>) to where()',
    'server/leads.ts:4:59 error this changes rows of "leads" of any tenant; add eq(leads.mentoradoId, <the tenant of ctx>) to where()',
    'server/leads.ts:6:57 warning this deletes rows of "leads" of any tenant; add eq(leads.mentoradoId, <the tenant of ctx>) to where()',
    'server/leads.ts:7:54 error this reads rows of "leads" of any tenant; add eq(leads.mentoradoId, <the tenant of ctx>) to where()',
  ]],
  ['with the key, built elsewhere, across tenants by right, a table without tenant', { 'server/schema.ts': schema, 'server/leads.ts': `${head}export const r = router({
  a: mentoradoProcedure.query(({ ctx, input }) => ctx.db.select().from(leads).where(and(eq(leads.id, input.id), eq(leads.mentoradoId, ctx.mentorado.id)))),
  b: mentoradoProcedure.query(({ ctx, input }) => ctx.db.select().from(leads).where(owned(ctx, input.id))),
  c: adminProcedure.query(({ ctx, input }) => ctx.db.select().from(leads).where(eq(leads.id, input.id))),
  d: mentoradoProcedure.query(({ ctx, input }) => ctx.db.select().from(plans).where(eq(plans.id, input.id))),
})` }, []],
  ['after a check it is a hint; a condition as callback with the key is none', { 'server/schema.ts': schema, 'server/leads.ts': `${head}export const r = router({
  a: mentoradoProcedure.mutation(async ({ ctx, input }) => {
    const lead = await ctx.db.query.leads.findFirst({ where: (t, { and, eq }) => and(eq(t.id, input.id), eq(t.mentoradoId, ctx.mentorado.id)) }).catch(fail)
    await ctx.db.update(leads).set({ a: 1 }).where(eq(leads.id, lead.id))
  }),
})` }, ['server/leads.ts:5:11 info this changes rows of "leads" of any tenant; add eq(leads.mentoradoId, <the tenant of ctx>) to where()']],
  ['no schema at hand: the name of the procedure decides', 'export const r = mentoradoProcedure.mutation(({ ctx, input }) => ctx.db.update(leads).set({ a: 1 }).where(eq(leads.id, input.id)))',
    ['server/api.ts:1:66 error update on "leads" in mentoradoProcedure without the tenant key of the context; add it to where()']],
])
