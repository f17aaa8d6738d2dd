import { desc, eq } from 'drizzle-orm'
import { z } from 'zod'
import { bus } from '../bus.ts'
import { db } from '../db.ts'
import { leads } from '../schema.ts'
import { mentoradoProcedure, router } from '../trpc.ts'

export const leadsRouter = router({
  list: mentoradoProcedure.query(({ ctx }) =>
    db
      .select({ id: leads.id, name: leads.name, email: leads.email, status: leads.status, createdAt: leads.createdAt })
      .from(leads)
      .where(eq(leads.mentoradoId, ctx.mentorado.id))
      .orderBy(desc(leads.id))
      .limit(100),
  ),

  create: mentoradoProcedure
    .input(z.object({ name: z.string().min(1).max(200), email: z.email().max(254) }))
    .mutation(async ({ ctx, input }) => {
      const [lead] = await db
        .insert(leads)
        .values({ ...input, mentoradoId: ctx.mentorado.id })
        .returning({ id: leads.id, name: leads.name, email: leads.email, status: leads.status })
      bus.emit('lead', { mentoradoId: ctx.mentorado.id, lead: lead! })
      return lead!
    }),
})
