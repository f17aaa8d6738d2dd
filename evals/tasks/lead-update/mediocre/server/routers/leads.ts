import { TRPCError } from '@trpc/server'
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
      const [lead] = await db
        .insert(leads)
        .values({ ...input, mentoradoId: ctx.mentorado.id })
        .returning({ id: leads.id, name: leads.name, email: leads.email, status: leads.status })
      return lead!
    }),

  update: mentoradoProcedure
    .input(
      z.object({
        id: z.number(),
        name: z.string().optional(),
        email: z.string().optional(),
        status: z.string().optional(),
      }),
    )
    .mutation(async ({ input }) => {
      const [lead] = await db.select().from(leads).where(eq(leads.id, input.id))
      if (!lead) throw new TRPCError({ code: 'NOT_FOUND' })
      const [updated] = await db
        .update(leads)
        .set({
          name: input.name ?? lead.name,
          email: input.email ?? lead.email,
          status: input.status ?? lead.status,
        })
        .where(eq(leads.id, lead.id))
        .returning()
      return updated!
    }),
})
