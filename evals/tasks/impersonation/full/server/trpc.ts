import { initTRPC, TRPCError } from '@trpc/server'
import type { Context } from './context.ts'
import { audit } from './impersonation.ts'

const t = initTRPC.context<Context>().create()

export const router = t.router
export const publicProcedure = t.procedure

/** For who signed in, whoever the call is for. */
export const actorProcedure = t.procedure.use(({ ctx, next }) => {
  if (!ctx.actor) throw new TRPCError({ code: 'UNAUTHORIZED' })
  return next({ ctx: { ...ctx, actor: ctx.actor } })
})

export const protectedProcedure = actorProcedure.use(async ({ ctx, path, type, next }) => {
  const { actor, user } = ctx
  if (!user) throw new TRPCError({ code: 'FORBIDDEN', message: 'Not working as this customer' })
  if (type === 'mutation' && actor.id !== user.id) await audit(actor.id, user.id, path)
  return next({ ctx: { ...ctx, user } })
})

export const mentoradoProcedure = protectedProcedure.use(({ ctx, next }) => {
  if (!ctx.mentorado) throw new TRPCError({ code: 'FORBIDDEN' })
  return next({ ctx: { ...ctx, mentorado: ctx.mentorado } })
})

export const adminProcedure = protectedProcedure.use(({ ctx, next }) => {
  if (ctx.user.role !== 'admin') throw new TRPCError({ code: 'FORBIDDEN' })
  return next({ ctx })
})
