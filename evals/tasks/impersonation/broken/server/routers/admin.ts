import { asc } from 'drizzle-orm'
import { db } from '../db.ts'
import { mentorados } from '../schema.ts'
import { adminProcedure, router } from '../trpc.ts'

export const adminRouter = router({
  mentorados: adminProcedure.query(() =>
    db
      .select({ userId: mentorados.userId, clinic: mentorados.clinic })
      .from(mentorados)
      .orderBy(asc(mentorados.id))
      .limit(500),
  ),
})
