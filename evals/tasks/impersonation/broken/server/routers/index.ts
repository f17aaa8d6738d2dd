import { protectedProcedure, router } from '../trpc.ts'
import { adminRouter } from './admin.ts'
import { leadsRouter } from './leads.ts'
import { paymentsRouter } from './payments.ts'

export const appRouter = router({
  me: router({
    get: protectedProcedure.query(({ ctx }) => ({
      id: ctx.user.id,
      name: ctx.user.name,
      role: ctx.user.role,
      mentoradoId: ctx.mentorado?.id ?? null,
    })),
  }),
  leads: leadsRouter,
  payments: paymentsRouter,
  admin: adminRouter,
})

export type AppRouter = typeof appRouter
