import { and, desc, eq } from 'drizzle-orm'
import { leads, outbox } from '../../drizzle/schema'
import type { Lead, MentoradoId, NewLead, PageInput } from '../../shared/contracts'
import { AppError } from '../../shared/errors'
import type { Db } from '../db/client'
import { behind, exact, toPage } from '../db/keyset'

const view = {
  id: leads.id,
  name: leads.name,
  email: leads.email,
  stage: leads.stage,
  createdAt: exact(leads.createdAt),
}

const own = (mentoradoId: MentoradoId, id: number) =>
  and(eq(leads.mentoradoId, mentoradoId), eq(leads.id, id))

/** The contacts of a tenant. `db` may be a transaction. */
export function createLeadService(db: Db) {
  return {
    // #region keyset-page
    async list(mentoradoId: MentoradoId, { limit, cursor }: PageInput) {
      const rows = await db
        .select(view)
        .from(leads)
        .where(
          and(
            eq(leads.mentoradoId, mentoradoId), // never from the cursor
            eq(leads.ativo, true),
            behind(leads.createdAt, leads.id, cursor),
          ),
        )
        .orderBy(desc(leads.createdAt), desc(leads.id))
        .limit(limit + 1)
      return toPage(rows, limit, (lead) => lead.createdAt)
    },
    // #endregion

    async byId(mentoradoId: MentoradoId, id: number): Promise<Lead> {
      const [lead] = await db.select(view).from(leads).where(own(mentoradoId, id))
      return found(lead)
    },

    // #region service-create
    async create(mentoradoId: MentoradoId, input: NewLead): Promise<Lead> {
      return db.transaction(async (tx) => {
        const [lead] = await tx
          .insert(leads)
          .values({ ...input, mentoradoId }) // the tenant last: no input can replace it
          .onConflictDoNothing({ target: [leads.mentoradoId, leads.email] })
          .returning(view)
        if (!lead) throw new AppError('CONFLICT', 'A lead has this e-mail')
        await tx.insert(outbox).values({
          topic: 'lead.created',
          dedupKey: `lead.created:${lead.id}`,
          payload: { leadId: lead.id, mentoradoId },
        })
        return lead
      })
    },
    // #endregion

    async move(mentoradoId: MentoradoId, id: number, stage: string): Promise<Lead> {
      const [lead] = await db.update(leads).set({ stage }).where(own(mentoradoId, id)).returning(view)
      return found(lead)
    },

    async archive(mentoradoId: MentoradoId, id: number): Promise<Lead> {
      const [lead] = await db.update(leads).set({ ativo: false }).where(own(mentoradoId, id)).returning(view)
      return found(lead)
    },
  }
}

/** Absent and foreign are one answer: the other would tell that the row exists. */
function found<Row>(row: Row | undefined): Row {
  if (!row) throw new AppError('NOT_FOUND', 'No such lead')
  return row
}
