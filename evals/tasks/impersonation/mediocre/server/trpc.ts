import { initTRPC, TRPCError } from '@trpc/server'
import type { Context } from './context.ts'

const t = initTRPC.context<Context>().create()

export const router = t.router
export const publicProcedure = t.procedure

export const protectedProcedure = t.procedure.use(({ ctx, next }) => {
  if (!ctx.user) throw new TRPCError({ code: 'UNAUTHORIZED' })
  return next({ ctx: { ...ctx, user: ctx.user } })
})

export const mentoradoProcedure = protectedProcedure.use(({ ctx, next }) => {
  if (!ctx.mentorado) throw new TRPCError({ code: 'FORBIDDEN' })
  return next({ ctx: { ...ctx, mentorado: ctx.mentorado } })
})

export const adminProcedure = protectedProcedure.use(({ ctx, next }) => {
  if (ctx.realUser?.role !== 'admin') throw new TRPCError({ code: 'FORBIDDEN' })
  return next({ ctx: { ...ctx, realUser: ctx.realUser } })
})
