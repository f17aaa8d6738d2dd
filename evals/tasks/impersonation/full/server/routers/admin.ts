import { asc } from 'drizzle-orm'
import { z } from 'zod'
import { db } from '../db.ts'
import { start, stop } from '../impersonation.ts'
import { mentorados } from '../schema.ts'
import { actorProcedure, adminProcedure, router } from '../trpc.ts'

export const adminRouter = router({
  mentorados: adminProcedure.query(() =>
    db
      .select({ userId: mentorados.userId, clinic: mentorados.clinic })
      .from(mentorados)
      .orderBy(asc(mentorados.id))
      .limit(500),
  ),

  impersonate: adminProcedure
    .input(z.object({ userId: z.int32().positive() }))
    .mutation(({ ctx, input }) => start(ctx.actor.id, input.userId)),

  stopImpersonating: actorProcedure.mutation(({ ctx }) => stop(ctx.actor.id)),
})
