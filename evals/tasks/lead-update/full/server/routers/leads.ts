import { TRPCError } from '@trpc/server'
import { and, desc, DrizzleQueryError, eq } from 'drizzle-orm'
import { DatabaseError } from 'pg'
import { z } from 'zod'
import { db } from '../db.ts'
import { leads } from '../schema.ts'
import { mentoradoProcedure, router } from '../trpc.ts'

const fields = z.object({
  name: z.string().min(1).max(200),
  email: z.email().max(254),
  status: z.enum(['new', 'contacted', 'won', 'lost']),
})

const view = { id: leads.id, name: leads.name, email: leads.email, status: leads.status, createdAt: leads.createdAt }

/** The error as the client may see it: an e-mail that another lead of the mentorado has is a conflict. */
function clientError(error: unknown): unknown {
  const cause = error instanceof DrizzleQueryError ? error.cause : error
  if (!(cause instanceof DatabaseError) || cause.code !== '23505') return error
  return new TRPCError({ code: 'CONFLICT', message: 'Another lead has this e-mail', cause })
}

export const leadsRouter = router({
  list: mentoradoProcedure.query(({ ctx }) =>
    db.select(view).from(leads).where(eq(leads.mentoradoId, ctx.mentorado.id)).orderBy(desc(leads.id)).limit(100),
  ),

  create: mentoradoProcedure
    .input(fields.pick({ name: true, email: true }))
    .mutation(async ({ ctx, input }) => {
      const [lead] = await db
        .insert(leads)
        .values({ ...input, mentoradoId: ctx.mentorado.id })
        .returning({ id: leads.id, name: leads.name, email: leads.email, status: leads.status })
      return lead!
    }),

  update: mentoradoProcedure
    .input(
      z
        .object({ id: z.int32().positive(), ...fields.partial().shape })
        .refine(({ id: _, ...changes }) => Object.values(changes).some((value) => value !== undefined), 'Nothing to change'),
    )
    .mutation(async ({ ctx, input: { id, ...changes } }) => {
      const [lead] = await db
        .update(leads)
        .set(changes)
        .where(and(eq(leads.id, id), eq(leads.mentoradoId, ctx.mentorado.id)))
        .returning(view)
        .catch((error) => {
          throw clientError(error)
        })
      if (!lead) throw new TRPCError({ code: 'NOT_FOUND', message: 'No such lead' })
      return lead
    }),
})
