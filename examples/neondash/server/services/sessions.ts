import { and, desc, eq } from 'drizzle-orm'
import { mentorados, sessions } from '../../drizzle/schema'
import type { MentoradoId, PageInput, Session } from '../../shared/contracts'
import { AppError } from '../../shared/errors'
import type { Db, Tx } from '../db/client'
import { behind, exact, toPage } from '../db/keyset'
import { one } from '../db/rows'
import { recordAgenda } from './agenda'

const view = {
  id: sessions.id,
  mentorId: sessions.mentorId,
  startsAt: exact(sessions.startsAt),
  endsAt: exact(sessions.endsAt),
  status: sessions.status,
}

/** Who causes a change, for the trail. */
export interface By {
  actorId: number
  requestId: string
}

/** The meetings of a mentorado with the mentor. */
export function createSessionService(db: Db) {
  return {
    async list(mentoradoId: MentoradoId, { limit, cursor }: PageInput) {
      const rows = await db
        .select(view)
        .from(sessions)
        .where(and(eq(sessions.mentoradoId, mentoradoId), behind(sessions.startsAt, sessions.id, cursor)))
        .orderBy(desc(sessions.startsAt), desc(sessions.id))
        .limit(limit + 1)
      return toPage(rows, limit, (session) => session.startsAt)
    },

    /** For a mentee of `mentorId`; anybody else's is not found. */
    async schedule(
      mentoradoId: MentoradoId,
      { mentorId, startsAt, endsAt, by }: { mentorId: number; startsAt: Date; endsAt: Date; by: By },
    ): Promise<Session> {
      return db.transaction(async (tx) => {
        const mentee = and(eq(mentorados.id, mentoradoId), eq(mentorados.mentorId, mentorId))
        if ((await tx.$count(mentorados, mentee)) === 0) throw new AppError('NOT_FOUND', 'No such mentorado')
        const values = { mentoradoId, mentorId, startsAt, endsAt }
        const session = one(await tx.insert(sessions).values(values).returning(view))
        await recordAgenda(tx, mentoradoId, { action: 'session.scheduled', sessionId: session.id, ...by })
        return session
      })
    },

    async cancel(mentoradoId: MentoradoId, id: number, by: By): Promise<Session> {
      return db.transaction(async (tx) => {
        const own = and(eq(sessions.mentoradoId, mentoradoId), eq(sessions.id, id))
        const [session] = await tx
          .update(sessions)
          .set({ status: 'cancelled' })
          .where(and(own, eq(sessions.status, 'scheduled')))
          .returning(view)
        if (!session) throw await whyNot(tx, own)
        await recordAgenda(tx, mentoradoId, { action: 'session.cancelled', sessionId: id, ...by })
        return session
      })
    },
  }
}

async function whyNot(tx: Tx, own: ReturnType<typeof and>): Promise<AppError> {
  const exists = (await tx.$count(sessions, own)) > 0
  return exists
    ? new AppError('CONFLICT', 'No longer scheduled')
    : new AppError('NOT_FOUND', 'No such session')
}
