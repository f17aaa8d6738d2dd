import { initTRPC } from '@trpc/server'
import type { ResolveContext } from './server/_core/identity'

const t = initTRPC.context<{ requestId: string } & Awaited<ReturnType<ResolveContext>>>().create()
export const appRouter = t.router({ me: t.procedure.query(({ ctx }) => ctx.actor) })
