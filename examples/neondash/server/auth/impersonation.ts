import { and, eq, gt, inArray, isNull, sql } from 'drizzle-orm'
import { auditLog, impersonationGrants as grants, mentorados, users } from '../../drizzle/schema'
import type { MentoradoId } from '../../shared/contracts'
import { AppError } from '../../shared/errors'
import { isStaff, STAFF } from '../../shared/roles'
import type { Db, Tx } from '../db/client'
import { one } from '../db/rows'

export const MAX_MINUTES = 60

interface Start {
  actorId: number
  mentoradoId: MentoradoId
  reason: string
  canWrite: boolean
  minutes: number
  requestId: string
}

// #region start-grant
/**
 * One active grant per actor: a new one ends the last. Every start and stop leaves an audit row. `ended` are the
 * tenants whose streams the caller wakes after the commit.
 */
export function startImpersonation(
  db: Db,
  { actorId, mentoradoId, reason, canWrite, minutes, requestId }: Start,
) {
  return db.transaction(async (tx) => {
    // #region grant-lock
    const staff = and(eq(users.id, actorId), inArray(users.role, STAFF), isNull(users.deletedAt))
    // The role as it is now, and a lock: of two starts at once, the second ends the first.
    const [actor] = await tx.select({ id: users.id }).from(users).where(staff).for('no key update')
    if (!actor) throw new AppError('FORBIDDEN', 'Not allowed to impersonate')
    const ended = await end(tx, actorId, requestId)
    // #endregion
    const [subject] = await tx
      .select({ role: users.role })
      .from(mentorados)
      .leftJoin(users, eq(users.id, mentorados.userId))
      .where(eq(mentorados.id, mentoradoId))
    if (!subject) throw new AppError('NOT_FOUND', 'No such mentorado')
    if (subject.role && isStaff(subject.role)) throw new AppError('FORBIDDEN', 'Staff is never a subject')
    const who = { actorUserId: actorId, subjectMentoradoId: mentoradoId }
    const expiresAt = sql`now() + make_interval(mins => ${minutes}::int)`
    const started = await tx
      .insert(grants)
      .values({ ...who, reason, canWrite, expiresAt })
      .returning()
    const grant = one(started)
    const detail = { reason, canWrite, minutes }
    await tx
      .insert(auditLog)
      .values({ ...who, action: 'impersonation.start', target: grant.id, requestId, detail })
    return { grantId: grant.id, expiresAt: grant.expiresAt, ended }
  })
}
// #endregion

/** Ends what the actor holds, and tells of which tenants; nothing to end is fine, so a retry is too. */
export function stopImpersonation(db: Db, actorId: number, requestId: string): Promise<MentoradoId[]> {
  return db.transaction((tx) => end(tx, actorId, requestId))
}

async function end(tx: Tx, actorId: number, requestId: string): Promise<MentoradoId[]> {
  const active = and(
    eq(grants.actorUserId, actorId),
    isNull(grants.endedAt),
    gt(grants.expiresAt, sql`now()`),
  )
  const ended = await tx.update(grants).set({ endedAt: sql`now()` }).where(active).returning()
  if (ended.length > 0)
    await tx.insert(auditLog).values(
      ended.map((grant) => ({
        actorUserId: grant.actorUserId,
        subjectMentoradoId: grant.subjectMentoradoId,
        action: 'impersonation.stop',
        target: grant.id,
        requestId,
      })),
    )
  return ended.map(({ subjectMentoradoId }) => subjectMentoradoId)
}
