import { desc, eq } from 'drizzle-orm'
import { z } from 'zod'
import { db } from '../db.ts'
import { once } from '../idempotency.ts'
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
    .mutation(({ ctx, input }) =>
      once(ctx, ['leads.create', input], async (tx) => {
        const [lead] = await tx
          .insert(leads)
          .values({ ...input, mentoradoId: ctx.mentorado.id })
          .returning({ id: leads.id, name: leads.name, email: leads.email, status: leads.status })
        return lead!
      }),
    ),
})
