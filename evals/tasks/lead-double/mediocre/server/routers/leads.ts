import { desc, eq } from 'drizzle-orm'
import { z } from 'zod'
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
      const { idempotencyKey } = ctx
      const view = { id: leads.id, name: leads.name, email: leads.email, status: leads.status }
      if (idempotencyKey) {
        const [existing] = await db.select(view).from(leads).where(eq(leads.idempotencyKey, idempotencyKey))
        if (existing) return existing
      }
      const [lead] = await db
        .insert(leads)
        .values({ ...input, mentoradoId: ctx.mentorado.id, idempotencyKey })
        .returning(view)
      return lead!
    }),
})
