import { z } from 'zod'
import { Role } from '../../shared/roles'
import { publicProcedure, router } from './init'

const Me = z.object({
  userId: z.int(),
  role: Role,
  mentoradoId: z.int().nullable(),
  impersonation: z.object({ grantId: z.uuid(), mentoradoId: z.int(), canWrite: z.boolean() }).nullable(),
})

export const me = router({
  /** `null` for a visitor: the first call of a client, before it knows. */
  get: publicProcedure.output(Me.nullable()).query(({ ctx: { actor, subject } }) => {
    if (!actor) return null
    const { userId, role, mentoradoId } = actor
    const impersonation = subject?.grantId ? { ...subject, grantId: subject.grantId } : null
    return { userId, role, mentoradoId, impersonation }
  }),
})
