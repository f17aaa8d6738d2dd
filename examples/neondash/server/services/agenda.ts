import { and, asc, eq, gt, inArray, max, sql } from 'drizzle-orm'
import { auditLog } from '../../drizzle/schema'
import type { MentoradoId } from '../../shared/contracts'
import type { Queries, Tx } from '../db/client'

export const AGENDA_ACTIONS = ['session.scheduled', 'session.cancelled'] as const
export type AgendaAction = (typeof AGENDA_ACTIONS)[number]

export interface AgendaEvent {
  id: number
  type: AgendaAction
  sessionId: number
}

const ofTenant = (mentoradoId: MentoradoId) =>
  and(eq(auditLog.subjectMentoradoId, mentoradoId), inArray(auditLog.action, AGENDA_ACTIONS))

/** The agenda's history is its audit trail: what streams replay, and who did it. */
export function createAgendaService(db: Queries) {
  return {
    /** Oldest first, at most 100. */
    async eventsAfter(mentoradoId: MentoradoId, last: number): Promise<AgendaEvent[]> {
      const rows = await db
        .select({ id: auditLog.id, type: auditLog.action, sessionId: auditLog.target })
        .from(auditLog)
        .where(and(ofTenant(mentoradoId), gt(auditLog.id, last)))
        .orderBy(asc(auditLog.id))
        .limit(100)
      return rows.map((row) => ({
        id: row.id,
        type: row.type as AgendaAction,
        sessionId: Number(row.sessionId),
      }))
    },

    /** Where a stream begins that has seen nothing. */
    async lastEvent(mentoradoId: MentoradoId): Promise<number> {
      const [row] = await db
        .select({ id: max(auditLog.id) })
        .from(auditLog)
        .where(ofTenant(mentoradoId))
      return row?.id ?? 0
    },
  }
}

/** Ids must become visible in order, or a stream that saw 6 skips 5: one writer per tenant until the commit. */
export async function recordAgenda(
  tx: Tx,
  mentoradoId: MentoradoId,
  change: { action: AgendaAction; sessionId: number; actorId: number; requestId: string },
) {
  await tx.execute(sql`select pg_advisory_xact_lock(hashtext('agenda'), ${mentoradoId}::int)`)
  await tx.insert(auditLog).values({
    actorUserId: change.actorId,
    subjectMentoradoId: mentoradoId,
    action: change.action,
    target: String(change.sessionId),
    requestId: change.requestId,
  })
}
