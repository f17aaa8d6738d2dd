import { verifyToken } from '@clerk/backend'
import { eq } from 'drizzle-orm'
import { db } from './db.ts'
import { env } from './env.ts'
import { mentorados, users } from './schema.ts'

/** Clerk id of the caller; null without a session of this app. A pending session is not one yet. */
async function identify(request: Request): Promise<string | null> {
  const token = request.headers.get('authorization')?.replace(/^Bearer /, '')
  if (!token) return null
  const claims = await verifyToken(token, {
    jwtKey: env.CLERK_JWT_KEY,
    authorizedParties: [env.APP_ORIGIN],
  }).catch(() => null)
  return claims && claims.sts !== 'pending' ? claims.sub : null
}

/** Who calls, as the database knows them; `user` is null until the sync service has written them. */
export async function createContext(request: Request) {
  const clerkId = await identify(request)
  if (!clerkId) return { clerkId, user: null, mentorado: null }
  const [row] = await db
    .select()
    .from(users)
    .leftJoin(mentorados, eq(mentorados.userId, users.id))
    .where(eq(users.clerkId, clerkId))
  return { clerkId, user: row?.users ?? null, mentorado: row?.mentorados ?? null }
}

export type Context = Awaited<ReturnType<typeof createContext>>
