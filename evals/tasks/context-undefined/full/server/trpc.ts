import { initTRPC, TRPCError } from '@trpc/server'
import type { Context } from './context.ts'
import { clientError } from './errors.ts'

const t = initTRPC.context<Context>().create({
  isDev: false,
  errorFormatter: ({ shape }) =>
    shape.data.code === 'INTERNAL_SERVER_ERROR' ? { ...shape, message: 'Internal error' } : shape,
})

export const router = t.router

export const publicProcedure = t.procedure.use(async ({ next }) => {
  const result = await next()
  if (result.ok) return result
  throw clientError(result.error)
})

export const protectedProcedure = publicProcedure.use(({ ctx, next }) => {
  if (!ctx.clerkId) throw new TRPCError({ code: 'UNAUTHORIZED' })
  if (!ctx.user) throw new TRPCError({ code: 'FORBIDDEN', message: 'The account is not ready yet' })
  return next({ ctx: { ...ctx, user: ctx.user } })
})

export const mentoradoProcedure = protectedProcedure.use(({ ctx, next }) => {
  if (!ctx.mentorado) throw new TRPCError({ code: 'FORBIDDEN', message: 'No clinic is assigned yet' })
  return next({ ctx: { ...ctx, mentorado: ctx.mentorado } })
})

export const adminProcedure = protectedProcedure.use(({ ctx, next }) => {
  if (ctx.user.role !== 'admin') throw new TRPCError({ code: 'FORBIDDEN' })
  return next({ ctx })
})
