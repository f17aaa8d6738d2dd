import type { MiddlewareHandler } from 'hono'
import type * as identity from './server/_core/identity'

declare global {
  type AppEnv = identity.AppEnv
  type AgendaEvent = { id: number; type: string }
  const Hono: typeof import('hono').Hono
  const Stripe: typeof import('stripe').default
  const accessLog: MiddlewareHandler<AppEnv>
  const agendaStream: import('hono').Hono<AppEnv>
  const app: import('hono').Hono<AppEnv>
  const appRouter: typeof import('./router').appRouter
  const bus: import('node:events').EventEmitter
  const db: import('./server/_core/db').Db
  const env: {
    APP_ORIGINS: string[]
    LEGACY_ORIGIN: string
    CLERK_WEBHOOK_SIGNING_SECRET: string
    STRIPE_SECRET_KEY: string
    STRIPE_WEBHOOK_SECRET: string
  }
  const eventsAfter: (mentoradoId: number, last: number) => Promise<AgendaEvent[]>
  const identify: MiddlewareHandler<AppEnv>
  const integrationEvents: typeof import('./drizzle/schema').integrationEvents
  const lifecycle: { ready: boolean; draining: AbortController }
  const limitByActor: MiddlewareHandler<AppEnv>
  const limitByIp: MiddlewareHandler<AppEnv>
  const log: import('./server/_core/log').Logger
  const on: typeof import('node:events').on
  const proxy: typeof import('hono/proxy').proxy
  const resolveContext: identity.ResolveContext
  const streamSSE: typeof import('hono/streaming').streamSSE
  const uploads: import('hono').Hono<AppEnv>
  const webhooks: import('hono').Hono
}
