import { count, desc, eq } from 'drizzle-orm'
import { z } from 'zod'
import { cached } from '../cache.ts'
import { db } from '../db.ts'
import { leads } from '../schema.ts'
import { currentTenant } from '../tenant.ts'
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
      return lead!
    }),

  stats: mentoradoProcedure.query(() =>
    cached('leads.stats', 30_000, async () => {
      const rows = await db
        .select({ status: leads.status, total: count() })
        .from(leads)
        .where(eq(leads.mentoradoId, currentTenant))
        .groupBy(leads.status)
      return {
        total: rows.reduce((sum, row) => sum + row.total, 0),
        byStatus: Object.fromEntries(rows.map((row) => [row.status, row.total])),
      }
    }),
  ),
})
