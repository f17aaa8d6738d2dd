import { desc, eq } from 'drizzle-orm'
import { db } from '../db.ts'
import { payments } from '../schema.ts'
import { currentTenant } from '../tenant.ts'
import { mentoradoProcedure, router } from '../trpc.ts'

export const paymentsRouter = router({
  list: mentoradoProcedure.query(() =>
    db
      .select({ id: payments.id, amountCents: payments.amountCents, status: payments.status })
      .from(payments)
      .where(eq(payments.mentoradoId, currentTenant))
      .orderBy(desc(payments.id))
      .limit(100),
  ),
})
