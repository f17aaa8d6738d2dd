import type * as orm from 'drizzle-orm'
import type * as identity from './server/_core/identity'

declare global {
  type AppEnv = identity.AppEnv
  type Identity = identity.Identity
  const HTTPException: typeof import('hono/http-exception').HTTPException
  const TRPCError: typeof import('@trpc/server').TRPCError
  const and: typeof orm.and
  const app: import('hono').Hono<AppEnv>
  const createClerkClient: typeof import('@clerk/backend').createClerkClient
  const createMiddleware: typeof import('hono/factory').createMiddleware
  const db: import('./server/_core/db').Db
  const env: {
    APP_ORIGINS: string[]
    CLERK_JWT_KEY: string
    CLERK_PUBLISHABLE_KEY: string
    CLERK_SECRET_KEY: string
    DRAIN_MS: number
    PORT: number
    STOP_MS: number
  }
  const eq: typeof orm.eq
  const grants: typeof import('./drizzle/schema').impersonationGrants
  const gt: typeof orm.gt
  const isNull: typeof orm.isNull
  const jobs: { stop(): Promise<void> }
  const log: import('./server/_core/log').Logger
  const mentorados: typeof import('./drizzle/schema').mentorados
  const pool: import('pg').Pool
  const redis: import('ioredis').Redis
  const users: typeof import('./drizzle/schema').users
  const z: typeof import('zod').z
}
