import { desc, eq } from 'drizzle-orm'
import { z } from 'zod'
import { db } from '../db.ts'
import { contacts, leads } from '../schema.ts'
import { mentoradoProcedure, router } from '../trpc.ts'

async function lastContactAt(leadId: number) {
  const [contact] = await db
    .select()
    .from(contacts)
    .where(eq(contacts.leadId, leadId))
    .orderBy(desc(contacts.createdAt))
    .limit(1)
  return contact?.createdAt ?? null
}

export const leadsRouter = router({
  list: mentoradoProcedure
    .input(z.object({ cursor: z.string().nullish(), limit: z.number().default(50) }))
    .query(async ({ ctx, input }) => {
      const rows = await db
        .select()
        .from(leads)
        .where(eq(leads.mentoradoId, ctx.mentorado.id))
        .orderBy(desc(leads.createdAt), desc(leads.id))
      const all = await Promise.all(
        rows.map(async ({ id, name, email, status, createdAt }) => ({
          id, name, email, status, createdAt, lastContactAt: await lastContactAt(id),
        })),
      )
      const start = Number(input.cursor ?? 0)
      const end = start + input.limit
      return { items: all.slice(start, end), nextCursor: end < all.length ? String(end) : null }
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
