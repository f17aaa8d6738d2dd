import { limits, roles } from '@studio/shared'
import { initTRPC } from '@trpc/server'
import { z } from 'zod'

const t = initTRPC.create()

const members: { name: string; role: (typeof roles)[number] }[] = []

export const appRouter = t.router({
  members: t.router({
    list: t.procedure.query(() => members.slice(0, limits.pageSize)),
    add: t.procedure
      .input(z.object({ name: z.string().min(1).max(limits.nameLength), role: z.enum(roles) }))
      .mutation(({ input }) => {
        members.push(input)
        return input
      }),
  }),
})

export type AppRouter = typeof appRouter
