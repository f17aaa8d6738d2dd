import { and, desc, eq, ilike } from 'drizzle-orm'
import { z } from 'zod'
import { db } from '../db.ts'
import { LeadFilter, sortable } from '../filters.ts'
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

  search: mentoradoProcedure.input(LeadFilter).query(({ ctx, input }) => {
    const { text, status, orderBy } = input
    return db
      .select(columns)
      .from(leads)
      .where(
        and(
          eq(leads.mentoradoId, ctx.mentorado.id),
          text ? ilike(leads.name, `%${text.replace(/[\\%_]/g, '\\$&')}%`) : undefined,
          status ? eq(leads.status, status) : undefined,
        ),
      )
      .orderBy(sortable[orderBy])
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
