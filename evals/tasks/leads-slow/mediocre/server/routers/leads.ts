import { desc, eq, inArray, max } from 'drizzle-orm'
import { z } from 'zod'
import { db } from '../db.ts'
import { contacts, leads } from '../schema.ts'
import { mentoradoProcedure, router } from '../trpc.ts'

export const leadsRouter = router({
  list: mentoradoProcedure
    .input(z.object({ cursor: z.string().nullish(), limit: z.number().default(50) }))
    .query(async ({ ctx, input }) => {
      const start = Number(input.cursor ?? 0)
      const rows = await db
        .select({ id: leads.id, name: leads.name, email: leads.email, status: leads.status, createdAt: leads.createdAt })
        .from(leads)
        .where(eq(leads.mentoradoId, ctx.mentorado.id))
        .orderBy(desc(leads.createdAt), desc(leads.id))
        .offset(start)
        .limit(input.limit + 1)
      const page = rows.slice(0, input.limit)
      const last = await db
        .select({ leadId: contacts.leadId, at: max(contacts.createdAt) })
        .from(contacts)
        .where(inArray(contacts.leadId, page.map(({ id }) => id)))
        .groupBy(contacts.leadId)
      const lastOf = new Map(last.map(({ leadId, at }) => [leadId, at]))
      return {
        items: page.map((lead) => ({ ...lead, lastContactAt: lastOf.get(lead.id) ?? null })),
        nextCursor: rows.length > input.limit ? String(start + input.limit) : null,
      }
    }),

  create: mentoradoProcedure
    .input(z.object({ name: z.string().min(1).max(200), email: z.email().max(254) }))
    .mutation(async ({ ctx, input }) => {
      const [lead] = await db
        .insert(leads)
        .values({ ...input, mentoradoId: ctx.mentorado.id })
        .returning({ id: leads.id, name: leads.name, email: leads.email, status: leads.status })
      return lead!
    }),
})
