import { and, asc, desc, eq, ilike } from 'drizzle-orm'
import type { PgColumn } from 'drizzle-orm/pg-core'
import { z } from 'zod'
import { db } from '../db.ts'
import type { LeadFilter } from '../filters.ts'
import { leads } from '../schema.ts'
import { mentoradoProcedure, router } from '../trpc.ts'

const columns = {
  id: leads.id,
  name: leads.name,
  email: leads.email,
  status: leads.status,
  createdAt: leads.createdAt,
}

export const leadsRouter = router({
  list: mentoradoProcedure.query(({ ctx }) =>
    db
      .select(columns)
      .from(leads)
      .where(eq(leads.mentoradoId, ctx.mentorado.id))
      .orderBy(desc(leads.id))
      .limit(100),
  ),

  search: mentoradoProcedure.input(z.any()).query(({ ctx, input }) => {
    const { text, status, orderBy = 'createdAt' } = input as LeadFilter
    const column = (leads as unknown as Record<string, PgColumn>)[orderBy]!
    return db
      .select(columns)
      .from(leads)
      .where(
        and(
          eq(leads.mentoradoId, ctx.mentorado.id),
          text ? ilike(leads.name, `%${text}%`) : undefined,
          status ? eq(leads.status, status) : undefined,
        ),
      )
      .orderBy(orderBy === 'createdAt' ? desc(column) : asc(column))
      .limit(100)
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
