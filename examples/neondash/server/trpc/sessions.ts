import { TRPCError, tracked } from '@trpc/server'
import { z } from 'zod'
import { IdempotencyKey, MentoradoId, PageInput, pageOf, Session } from '../../shared/contracts'
import { createSessionService } from '../services/sessions'
import { agendaEvents, lastEventId } from '../sse/events'
import { once } from './idempotency'
import { mentorProcedure, moduleProcedure, router, trpcErrorOf } from './init'

const agenda = moduleProcedure('agenda')

const NewSession = z
  .object({
    key: IdempotencyKey,
    mentoradoId: MentoradoId,
    startsAt: z.iso.datetime(),
    endsAt: z.iso.datetime(),
  })
  .refine(({ startsAt, endsAt }) => new Date(endsAt) > new Date(startsAt), {
    path: ['endsAt'],
    error: 'ends too early',
  })

export const sessions = router({
  list: agenda
    .input(PageInput)
    .output(pageOf(Session))
    .query(({ ctx, input }) => createSessionService(ctx.db).list(ctx.mentoradoId, input)),

  schedule: mentorProcedure
    .input(NewSession)
    .output(Session)
    .mutation(async (call) => {
      const { ctx, input } = call
      const by = { actorId: ctx.actor.userId, requestId: ctx.requestId }
      const session = await once(call, Session, (tx, { startsAt, endsAt }) =>
        createSessionService(tx).schedule(input.mentoradoId, {
          mentorId: ctx.mentorId,
          startsAt: new Date(startsAt),
          endsAt: new Date(endsAt),
          by,
        }),
      )
      ctx.agendaBus.wake(input.mentoradoId)
      return session
    }),

  cancel: agenda
    .input(z.object({ key: IdempotencyKey, id: z.int() }))
    .output(Session)
    .mutation(async (call) => {
      const { mentoradoId, actor, requestId, agendaBus } = call.ctx
      const session = await once(call, Session, (tx, { id }) =>
        createSessionService(tx).cancel(mentoradoId, id, { actorId: actor.userId, requestId }),
      )
      agendaBus.wake(mentoradoId)
      return session
    }),

  // #region subscription
  changes: agenda.input(z.object({ lastEventId: z.string().nullish() })).subscription(async function* ({
    ctx,
    input,
    signal,
  }) {
    const { draining } = ctx.lifecycle
    const ends = AbortSignal.any(signal ? [signal, draining] : [draining])
    try {
      for await (const event of agendaEvents(ctx, ctx.subject, lastEventId(input.lastEventId), ends))
        yield tracked(String(event.id), event)
    } catch (error) {
      if (signal?.aborted) return
      // A mere end would tell the client that all is said; this makes it reconnect, to another instance.
      if (draining.aborted) throw new TRPCError({ code: 'SERVICE_UNAVAILABLE', message: 'Restarting' })
      throw trpcErrorOf(error) // middlewares ended when the stream began
    }
  }),
  // #endregion
})
