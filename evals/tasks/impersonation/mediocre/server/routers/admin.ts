import { TRPCError } from '@trpc/server'
import { asc, eq } from 'drizzle-orm'
import { z } from 'zod'
import { db } from '../db.ts'
import { mentorados, users } from '../schema.ts'
import { adminProcedure, router } from '../trpc.ts'

export const adminRouter = router({
  mentorados: adminProcedure.query(() =>
    db
      .select({ userId: mentorados.userId, clinic: mentorados.clinic })
      .from(mentorados)
      .orderBy(asc(mentorados.id))
      .limit(500),
  ),

  impersonate: adminProcedure.input(z.object({ userId: z.number() })).mutation(async ({ ctx, input }) => {
    const [user] = await db.select().from(users).where(eq(users.id, input.userId))
    if (!user) throw new TRPCError({ code: 'NOT_FOUND' })
    await db.update(users).set({ impersonatingUserId: user.id }).where(eq(users.id, ctx.realUser.id))
    return { userId: user.id, name: user.name }
  }),

  stopImpersonating: adminProcedure.mutation(async ({ ctx }) => {
    await db.update(users).set({ impersonatingUserId: null }).where(eq(users.id, ctx.realUser.id))
  }),
})
