import { verifyToken } from '@clerk/backend'
import { eq, type SQL } from 'drizzle-orm'
import { db } from './db.ts'
import { env } from './env.ts'
import { mentorados, users } from './schema.ts'

async function findUser(where: SQL) {
  const [row] = await db.select().from(users).leftJoin(mentorados, eq(mentorados.userId, users.id)).where(where)
  return { user: row?.users ?? null, mentorado: row?.mentorados ?? null }
}

export async function createContext(request: Request) {
  const token = request.headers.get('authorization')?.replace(/^Bearer /, '')
  if (!token) return { realUser: null, user: null, mentorado: null }
  const claims = await verifyToken(token, { jwtKey: env.CLERK_JWT_KEY, authorizedParties: [env.APP_ORIGIN] }).catch(
    () => null,
  )
  if (!claims) return { realUser: null, user: null, mentorado: null }
  const own = await findUser(eq(users.clerkId, claims.sub))
  const impersonated = Number(request.headers.get('x-impersonate'))
  if (impersonated && own.user?.role === 'admin' && own.user.impersonatingUserId === impersonated) {
    return { realUser: own.user, ...(await findUser(eq(users.id, impersonated))) }
  }
  return { realUser: own.user, ...own }
}

export type Context = Awaited<ReturnType<typeof createContext>>
