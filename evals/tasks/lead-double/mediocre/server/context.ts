import { verifyToken } from '@clerk/backend'
import { eq } from 'drizzle-orm'
import { db } from './db.ts'
import { env } from './env.ts'
import { mentorados, users } from './schema.ts'

export async function createContext(request: Request) {
  const idempotencyKey = request.headers.get('idempotency-key')
  const token = request.headers.get('authorization')?.replace(/^Bearer /, '')
  if (!token) return { user: null, mentorado: null, idempotencyKey }
  const claims = await verifyToken(token, { jwtKey: env.CLERK_JWT_KEY, authorizedParties: [env.APP_ORIGIN] }).catch(
    () => null,
  )
  if (!claims) return { user: null, mentorado: null, idempotencyKey }
  const [row] = await db
    .select()
    .from(users)
    .leftJoin(mentorados, eq(mentorados.userId, users.id))
    .where(eq(users.clerkId, claims.sub))
  return { user: row?.users ?? null, mentorado: row?.mentorados ?? null, idempotencyKey }
}

export type Context = Awaited<ReturnType<typeof createContext>>
