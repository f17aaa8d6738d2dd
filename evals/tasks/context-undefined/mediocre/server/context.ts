import { verifyToken } from '@clerk/backend'
import { eq } from 'drizzle-orm'
import { db } from './db.ts'
import { env } from './env.ts'
import { mentorados, users } from './schema.ts'

async function readSession(request: Request) {
  const token = request.headers.get('authorization')?.replace(/^Bearer /, '')
  if (!token) return null
  try {
    return await verifyToken(token, { jwtKey: env.CLERK_JWT_KEY })
  } catch {
    return null
  }
}

export async function createContext(request: Request) {
  const session = await readSession(request)
  if (!session) return { user: null, mentorado: null, isAdmin: false }
  const [user] = await db.select().from(users).where(eq(users.clerkId, session.sub))
  if (!user) return { user: null, mentorado: null, isAdmin: false }
  const [mentorado] = await db.select().from(mentorados).where(eq(mentorados.userId, user.id))
  const metadata = session.metadata as { role?: string } | undefined
  return { user, mentorado: mentorado ?? null, isAdmin: metadata?.role === 'admin' }
}

export type Context = Awaited<ReturnType<typeof createContext>>
