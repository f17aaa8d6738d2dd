import type { AppEnv, ResolveContext } from './server/_core/identity'

declare global {
  type Context = import('./server/_core/trpc').Context
  const app: import('hono').Hono<AppEnv>
  const appRouter: ReturnType<typeof import('./server/_core/trpc').router<{}>>
  const db: import('./server/_core/db').Db
  const fetchRequestHandler: typeof import('@trpc/server/adapters/fetch').fetchRequestHandler
  const resolveContext: ResolveContext
}
