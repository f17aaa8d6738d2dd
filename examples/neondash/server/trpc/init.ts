import { initTRPC, TRPCError } from '@trpc/server'
import { eq } from 'drizzle-orm'
import { tryGetContext } from 'hono/context-storage'
import { z } from 'zod'
import { mentors } from '../../drizzle/schema'
import { AppError } from '../../shared/errors'
import { canUse, isStaff, type Module } from '../../shared/roles'
import type { Actor, Subject } from '../auth/context'
import type { AppEnv, Deps } from '../deps'
import { appErrorOf } from '../http/errors'

/** What every procedure gets, built once per HTTP request. */
export interface Context extends Pick<Deps, 'db' | 'log' | 'metrics' | 'agendaBus' | 'lifecycle'> {
  requestId: string
  actor: Actor | null // who is signed in
  subject: Subject | null // whose tenant
}

/** `tenant`: every procedure with it needs a case in tenancy.test.ts. */
export interface Meta {
  scope: 'tenant'
}

// #region error-formatter
const t = initTRPC
  .context<Context>()
  .meta<Meta>()
  .create({
    isDev: false,
    sse: { ping: { enabled: true, intervalMs: 3_000 }, maxDurationMs: 15 * 60_000 },
    errorFormatter({ shape, error }) {
      const invalid = error.code === 'BAD_REQUEST' && error.cause instanceof z.ZodError ? error.cause : null
      const meant = error.cause instanceof AppError || (!error.cause && shape.data.httpStatus < 500)
      return {
        ...shape,
        message: invalid ? 'Invalid input' : meant ? shape.message : error.code,
        data: {
          ...shape.data,
          requestId: tryGetContext<AppEnv>()?.get('requestId') ?? null,
          issues: invalid && z.flattenError(invalid).fieldErrors,
        },
      }
    },
  })

/** Gives a failure the code that clients branch on. */
export function trpcErrorOf(error: unknown): unknown {
  const known = appErrorOf(error)
  return known ? new TRPCError({ code: known.code, message: known.message, cause: known }) : error
}

export const publicProcedure = t.procedure.use(async ({ ctx, path, type, next }) => {
  const ended = startTimer(ctx, { 'rpc.method': path, type })
  const result = await next() // never throws
  ended(result.ok ? 'ok' : result.error.code)
  if (result.ok || result.error.code !== 'INTERNAL_SERVER_ERROR') return result
  throw trpcErrorOf(result.error.cause ?? result.error)
})
// #endregion

/** Records the duration of a call once its outcome is known. */
function startTimer({ metrics }: Context, call: Record<string, string>) {
  const startedAt = performance.now()
  return (outcome: string) => {
    const seconds = (performance.now() - startedAt) / 1_000
    metrics.histogram('rpc.server.duration').record(seconds, { ...call, outcome })
  }
}

// #region procedure-ladder
export const protectedProcedure = publicProcedure.use(({ ctx, next }) => {
  if (!ctx.actor) throw new TRPCError({ code: 'UNAUTHORIZED' })
  return next({ ctx: { actor: ctx.actor } })
})

export const mentoradoProcedure = protectedProcedure
  .meta({ scope: 'tenant' })
  .use(({ ctx: { subject }, type, next }) => {
    if (!subject) throw new TRPCError({ code: 'FORBIDDEN', message: 'No linked mentorado' })
    if (type === 'mutation' && !subject.canWrite)
      throw new TRPCError({ code: 'FORBIDDEN', message: 'Read-only impersonation' })
    return next({ ctx: { subject, mentoradoId: subject.mentoradoId } }) // the only tenant key
  })

export const adminProcedure = protectedProcedure.use(({ ctx: { actor, subject }, next }) => {
  if (subject?.grantId) throw new TRPCError({ code: 'FORBIDDEN', message: 'Not while impersonating' })
  if (!isStaff(actor.role)) throw new TRPCError({ code: 'FORBIDDEN' })
  return next()
})

export const mentorProcedure = adminProcedure.use(async ({ ctx, next }) => {
  const [mentor] = await ctx.db
    .select({ id: mentors.id })
    .from(mentors)
    .where(eq(mentors.userId, ctx.actor.userId))
  if (!mentor) throw new TRPCError({ code: 'FORBIDDEN', message: 'No linked mentor' })
  return next({ ctx: { mentorId: mentor.id } }) // own mentees: filter mentorados.mentor_id
})
// #endregion

// #region module-procedure
/** A procedure of one module; an impersonating actor needs the right in both roles. */
export const moduleProcedure = (module: Module) =>
  mentoradoProcedure.use(({ ctx: { actor, subject }, next }) => {
    if (!canUse(actor.role, module) || !canUse(subject.role, module))
      throw new TRPCError({ code: 'FORBIDDEN', message: `No access to ${module}` })
    return next()
  })

/** Money and deletion: never on behalf of someone else, whatever the grant says. */
export const inPersonOnly = t.middleware(({ ctx, next }) => {
  if (ctx.subject?.grantId) throw new TRPCError({ code: 'FORBIDDEN', message: 'Not while impersonating' })
  return next()
})
// #endregion

export const { router, createCallerFactory } = t
