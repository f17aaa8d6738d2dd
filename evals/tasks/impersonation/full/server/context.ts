import { verifyToken } from '@clerk/backend'
import { eq } from 'drizzle-orm'
import { db } from './db.ts'
import { env } from './env.ts'
import { impersonated } from './impersonation.ts'
import { mentorados, users } from './schema.ts'

/**
 * `actor` is who signed in, `user` and `mentorado` are whom the call is for. With `x-impersonate` that is the
 * customer, or nobody where the actor may not work as them: never the actor.
 */
export async function createContext(request: Request) {
  const token = request.headers.get('authorization')?.replace(/^Bearer /, '')
  if (!token) return { actor: null, user: null, mentorado: null }
  const claims = await verifyToken(token, { jwtKey: env.CLERK_JWT_KEY, authorizedParties: [env.APP_ORIGIN] }).catch(
    () => null,
  )
  if (!claims) return { actor: null, user: null, mentorado: null }
  const [row] = await db
    .select()
    .from(users)
    .leftJoin(mentorados, eq(mentorados.userId, users.id))
    .where(eq(users.clerkId, claims.sub))
  const actor = row?.users ?? null
  const subjectId = request.headers.get('x-impersonate')
  if (subjectId === null) return { actor, user: actor, mentorado: row?.mentorados ?? null }
  const subject = actor?.role === 'admin' ? await impersonated(actor.id, Number(subjectId)) : undefined
  return { actor, user: subject?.user ?? null, mentorado: subject?.mentorado ?? null }
}

export type Context = Awaited<ReturnType<typeof createContext>>
