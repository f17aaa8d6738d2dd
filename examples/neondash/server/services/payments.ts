import { and, desc, eq } from 'drizzle-orm'
import { payments } from '../../drizzle/schema'
import type { MentoradoId, PageInput, Payment } from '../../shared/contracts'
import { AppError } from '../../shared/errors'
import type { Db } from '../db/client'
import { behind, exact, toPage } from '../db/keyset'

const view = {
  id: payments.id,
  amountCents: payments.amountCents,
  currency: payments.currency,
  status: payments.status,
  createdAt: exact(payments.createdAt),
}

/** What a tenant is owed; the provider's webhooks move it on. */
export function createPaymentService(db: Db) {
  return {
    async list(mentoradoId: MentoradoId, { limit, cursor }: PageInput) {
      const rows = await db
        .select(view)
        .from(payments)
        .where(and(eq(payments.mentoradoId, mentoradoId), behind(payments.createdAt, payments.id, cursor)))
        .orderBy(desc(payments.createdAt), desc(payments.id))
        .limit(limit + 1)
      return toPage(rows, limit, (payment) => payment.createdAt)
    },

    /** Only while pending: one statement decides the race with the provider's webhook. */
    async cancel(mentoradoId: MentoradoId, id: number): Promise<Payment> {
      const own = and(eq(payments.mentoradoId, mentoradoId), eq(payments.id, id))
      const [payment] = await db
        .update(payments)
        .set({ status: 'cancelled' })
        .where(and(own, eq(payments.status, 'pending')))
        .returning(view)
      if (payment) return payment
      if ((await db.$count(payments, own)) === 0) throw new AppError('NOT_FOUND', 'No such payment')
      throw new AppError('CONFLICT', 'No longer pending')
    },
  }
}
