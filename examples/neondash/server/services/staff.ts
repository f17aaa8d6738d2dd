import { and, eq, isNull, type SQL, sql } from 'drizzle-orm'
import { auditLog, mentorados, outbox, users } from '../../drizzle/schema'
import type { MentoradoId } from '../../shared/contracts'
import { AppError } from '../../shared/errors'
import { canUse } from '../../shared/roles'
import type { Db, Tx } from '../db/client'

/** Who changes it, for the trail. */
interface By {
  actorId: number
  requestId: string
}

const version = sql`(extract(epoch from ${users.updatedAt}) * 1000000)::bigint`.mapWith(Number)

/** Who works in which clinic. `db` may be a transaction. */
export function createStaffService(db: Db) {
  /** Takes over a person of that kind; their sessions and Clerk hear of it after the commit. */
  async function change(
    tx: Tx,
    which: SQL | undefined,
    set: Pick<typeof users.$inferInsert, 'role' | 'clinicId'>,
    trail: By & { action: string; mentoradoId: MentoradoId | null },
  ) {
    const [user] = await tx
      .update(users)
      .set(set)
      .where(and(which, isNull(users.deletedAt)))
      .returning({ id: users.id, clerkId: users.clerkId, version })
    if (!user) throw new AppError('NOT_FOUND', 'No such person')
    const { actorId, requestId, action, mentoradoId } = trail
    const key = `${user.id}:${user.version}`
    await tx.insert(outbox).values([
      { topic: 'clerk.metadata', dedupKey: `clerk.metadata:${key}`, payload: { userId: user.id, requestId } },
      {
        topic: 'session.changed',
        dedupKey: `session.changed:${key}`,
        payload: { clerkId: user.clerkId, version: user.version, requestId },
      },
    ])
    await tx.insert(auditLog).values({
      actorUserId: actorId,
      subjectMentoradoId: mentoradoId,
      action,
      target: String(user.id),
      requestId,
    })
  }

  return {
    /** Makes somebody who waits for a role staff of one clinic. */
    async link(userId: number, mentoradoId: MentoradoId, by: By) {
      await db.transaction(async (tx) => {
        // Held until the commit: a deletion that comes now waits, and then finds this person.
        const [owner] = await tx
          .select({ role: users.role })
          .from(users)
          .innerJoin(mentorados, eq(mentorados.userId, users.id))
          .where(and(eq(mentorados.id, mentoradoId), isNull(users.deletedAt)))
          .for('share', { of: users })
        if (!owner || !canUse(owner.role, 'agenda')) throw new AppError('NOT_FOUND', 'No such clinic')
        const waiting = and(eq(users.id, userId), eq(users.role, 'pending'))
        await change(
          tx,
          waiting,
          { role: 'clinica_staff', clinicId: mentoradoId },
          { ...by, action: 'staff.link', mentoradoId },
        )
      })
    },

    /** Takes the clinic and the role back. */
    async unlink(userId: number, by: By) {
      await db.transaction(async (tx) => {
        const isStaffMember = and(eq(users.id, userId), eq(users.role, 'clinica_staff'))
        const [was] = await tx
          .select({ clinicId: users.clinicId })
          .from(users)
          .where(isStaffMember)
          .for('update')
        const mentoradoId = was?.clinicId ?? null
        await change(
          tx,
          isStaffMember,
          { role: 'pending', clinicId: null },
          { ...by, action: 'staff.unlink', mentoradoId },
        )
      })
    },
  }
}
