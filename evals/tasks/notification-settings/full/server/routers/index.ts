import { protectedProcedure, router } from '../trpc.ts'
import { leadsRouter } from './leads.ts'
import { paymentsRouter } from './payments.ts'
import { settingsRouter } from './settings.ts'

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
  settings: settingsRouter,
})

export type AppRouter = typeof appRouter
