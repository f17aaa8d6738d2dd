import { TRPCError } from '@trpc/server'
import { z } from 'zod'
import { IdempotencyKey, MentoradoId } from '../../shared/contracts'
import { createStaffService } from '../services/staff'
import { once } from './idempotency'
import { adminProcedure, router } from './init'

const key = IdempotencyKey
const userId = z.int().positive()
const Changed = z.object({ userId: z.int() })

/** Changes roles, which a mentor may not. */
const roleProcedure = adminProcedure.use(({ ctx: { actor }, next }) => {
  if (actor.role !== 'admin') throw new TRPCError({ code: 'FORBIDDEN' })
  return next()
})

export const staff = router({
  link: roleProcedure
    .input(z.object({ key, userId, mentoradoId: MentoradoId }))
    .output(Changed)
    .mutation((call) =>
      once(call, Changed, async (tx, { userId, mentoradoId }) => {
        await createStaffService(tx).link(userId, mentoradoId, byOf(call.ctx))
        return { userId }
      }),
    ),

  unlink: roleProcedure
    .input(z.object({ key, userId }))
    .output(Changed)
    .mutation((call) =>
      once(call, Changed, async (tx, { userId }) => {
        await createStaffService(tx).unlink(userId, byOf(call.ctx))
        return { userId }
      }),
    ),
})

function byOf({ actor, requestId }: { actor: { userId: number }; requestId: string }) {
  return { actorId: actor.userId, requestId }
}
