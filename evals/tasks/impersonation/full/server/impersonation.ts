import { TRPCError } from '@trpc/server'
import { and, eq, gt, isNull, sql } from 'drizzle-orm'
import { db } from './db.ts'
import { auditLog, impersonations, mentorados, users } from './schema.ts'

const minutes = 60

type Tx = Parameters<Parameters<typeof db.transaction>[0]>[0]

/** The customer as whom `actorId` works now, while started, neither ended nor expired, and still allowed; or undefined. */
export async function impersonated(actorId: number, subjectId: number) {
  if (!Number.isInteger(subjectId) || Math.abs(subjectId) >= 2 ** 31) return undefined
  const [row] = await db
    .select({ user: users, mentorado: mentorados })
    .from(impersonations)
    .innerJoin(users, eq(users.id, impersonations.subjectId))
    .leftJoin(mentorados, eq(mentorados.userId, users.id))
    .where(
      and(
        eq(impersonations.actorId, actorId),
        eq(impersonations.subjectId, subjectId),
        isNull(impersonations.endedAt),
        gt(impersonations.expiresAt, sql`now()`),
        eq(users.role, 'mentorado'),
      ),
    )
  return row
}

/** Start to work as a customer; what ran before ends. Throws FORBIDDEN, NOT_FOUND. */
export function start(actorId: number, subjectId: number) {
  return db.transaction(async (tx) => {
    // The lock makes the second of two starts at once end the first.
    const [actor] = await tx.select().from(users).where(eq(users.id, actorId)).for('no key update')
    if (actor?.role !== 'admin') throw new TRPCError({ code: 'FORBIDDEN' })
    const [subject] = await tx.select().from(users).where(eq(users.id, subjectId))
    if (!subject) throw new TRPCError({ code: 'NOT_FOUND', message: 'No such user' })
    if (subject.role !== 'mentorado') throw new TRPCError({ code: 'FORBIDDEN', message: 'Only customers' })
    await end(tx, actorId)
    const expiresAt = sql`now() + make_interval(mins => ${minutes})`
    await tx.insert(impersonations).values({ actorId, subjectId, expiresAt })
    await tx.insert(auditLog).values({ actorId, subjectId, action: 'impersonation.start' })
    return { userId: subject.id, name: subject.name }
  })
}

/** End what runs; nothing to end is fine. */
export function stop(actorId: number) {
  return db.transaction((tx) => end(tx, actorId))
}

async function end(tx: Tx, actorId: number) {
  const ended = await tx
    .update(impersonations)
    .set({ endedAt: sql`now()` })
    .where(and(eq(impersonations.actorId, actorId), isNull(impersonations.endedAt)))
    .returning({ subjectId: impersonations.subjectId })
  for (const { subjectId } of ended)
    await tx.insert(auditLog).values({ actorId, subjectId, action: 'impersonation.stop' })
}

/** Note what an actor is about to do in a customer's account. */
export async function audit(actorId: number, subjectId: number, action: string) {
  await db.insert(auditLog).values({ actorId, subjectId, action })
}
