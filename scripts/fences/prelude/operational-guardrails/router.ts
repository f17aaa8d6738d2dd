import { initTRPC } from '@trpc/server'
import { z } from 'zod'

const t = initTRPC.meta<{ scope: string }>().create()
export const appRouter = t.router({
  leads: {
    byId: t.procedure.meta({ scope: 'tenant' }).input(z.object({ id: z.int() })).query(({ input }) => input),
    list: t.procedure.meta({ scope: 'tenant' }).query(() => [{ id: 1 }]),
  },
})
export type Caller = ReturnType<typeof appRouter.createCaller>
