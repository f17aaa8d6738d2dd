import { z } from 'zod'
import { MentoradoId } from '../../shared/contracts'
import { MAX_MINUTES, startImpersonation, stopImpersonation } from '../auth/impersonation'
import { adminProcedure, protectedProcedure, router } from './init'

const Start = z.object({
  mentoradoId: MentoradoId,
  reason: z.string().min(5).max(500),
  canWrite: z.boolean().default(false),
  minutes: z.int().min(1).max(MAX_MINUTES).default(30),
})

export const impersonation = router({
  /** The grant goes into the header `x-impersonation-grant` of later requests. */
  start: adminProcedure
    .input(Start)
    .output(z.object({ grantId: z.uuid(), expiresAt: z.string() }))
    .mutation(async ({ ctx, input }) => {
      const { actor, db, requestId, agendaBus } = ctx
      const { grantId, expiresAt, ended } = await startImpersonation(db, {
        ...input,
        actorId: actor.userId,
        requestId,
      })
      for (const mentoradoId of ended) agendaBus.wake(mentoradoId)
      return { grantId, expiresAt: expiresAt.toISOString() }
    }),

  /** Below adminProcedure, which refuses while a grant is active. Streams opened under the grant end. */
  stop: protectedProcedure.output(z.object({ ended: z.int() })).mutation(async ({ ctx }) => {
    const ended = await stopImpersonation(ctx.db, ctx.actor.userId, ctx.requestId)
    for (const mentoradoId of ended) ctx.agendaBus.wake(mentoradoId)
    return { ended: ended.length }
  }),
})
