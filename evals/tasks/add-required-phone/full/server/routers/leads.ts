import { desc, eq } from 'drizzle-orm'
import { z } from 'zod'
import { db } from '../db.ts'
import { leads } from '../schema.ts'
import { mentoradoProcedure, router } from '../trpc.ts'

/** Digits as people write them, with or without a country code. */
const phone = z
  .string()
  .trim()
  .max(30)
  .regex(/^\+?[\d\s().-]+$/)
  .refine((text) => text.replace(/\D/g, '').length >= 8, 'too short for a phone number')

export const leadsRouter = router({
  list: mentoradoProcedure.query(({ ctx }) =>
    db
      .select({
        id: leads.id,
        name: leads.name,
        email: leads.email,
        phone: leads.phone,
        status: leads.status,
        createdAt: leads.createdAt,
      })
      .from(leads)
      .where(eq(leads.mentoradoId, ctx.mentorado.id))
      .orderBy(desc(leads.id))
      .limit(100),
  ),

  create: mentoradoProcedure
    .input(z.object({ name: z.string().min(1).max(200), email: z.email().max(254), phone }))
    .mutation(async ({ ctx, input }) => {
      const [lead] = await db
        .insert(leads)
        .values({ ...input, mentoradoId: ctx.mentorado.id })
        .returning({ id: leads.id, name: leads.name, email: leads.email, phone: leads.phone, status: leads.status })
      return lead!
    }),
})
