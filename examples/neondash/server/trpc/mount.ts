import type { TRPCError } from '@trpc/server'
import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import type { Hono } from 'hono'
import { AppError } from '../../shared/errors'
import { callerOf } from '../auth/context'
import type { AppEnv, Deps } from '../deps'
import { type Context, trpcErrorOf } from './init'
import { appRouter } from './router'

/** Serves the router under /trpc. */
// #region mount
export function mountTrpc(app: Hono<AppEnv>, deps: Deps) {
  app.all('/trpc/*', (c) =>
    fetchRequestHandler({
      endpoint: '/trpc',
      req: c.req.raw,
      router: appRouter,
      maxBatchSize: 20,
      createContext: async (): Promise<Context> => ({
        ...deps,
        requestId: c.get('requestId'),
        log: c.get('log'),
        ...(await callerOf(deps, c).catch((error) => {
          throw trpcErrorOf(error)
        })),
      }),
      responseMeta: ({ errors }) =>
        errors.some(({ code }) => code === 'SERVICE_UNAVAILABLE') ? { headers: { 'retry-after': '2' } } : {},
      onError: ({ error, path, ctx }) => {
        const bug = error.code === 'INTERNAL_SERVER_ERROR' && !c.req.raw.signal.aborted
        c.get('log')[bug ? 'error' : 'info']({
          event: 'trpc_failed',
          path,
          outcome: error.code,
          error: reasonOf(error),
          actorId: ctx?.actor?.userId,
          subjectId: ctx?.subject?.mentoradoId,
        })
      },
    }),
  )
}
// #endregion

/** What went wrong below the words for the client. */
function reasonOf(error: TRPCError): unknown {
  return error.cause instanceof AppError ? error.cause.cause : error.cause
}
