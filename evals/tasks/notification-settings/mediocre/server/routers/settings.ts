import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { db } from '../db.ts'
import { notificationSettings } from '../schema.ts'
import { mentoradoProcedure, router } from '../trpc.ts'

const defaults = { emailEnabled: true, digestHour: 8, timezone: 'America/Sao_Paulo' }

async function load(mentoradoId: number) {
  const [row] = await db
    .select({
      emailEnabled: notificationSettings.emailEnabled,
      digestHour: notificationSettings.digestHour,
      timezone: notificationSettings.timezone,
    })
    .from(notificationSettings)
    .where(eq(notificationSettings.mentoradoId, mentoradoId))
  return row
}

export const settingsRouter = router({
  get: mentoradoProcedure.query(async ({ ctx }) => (await load(ctx.mentorado.id)) ?? defaults),

  update: mentoradoProcedure
    .input(
      z.object({
        emailEnabled: z.boolean().optional(),
        digestHour: z.number().min(0).max(23).optional(),
        timezone: z.string().optional(),
      }),
    )
    .mutation(async ({ ctx, input }) => {
      const current = await load(ctx.mentorado.id)
      const next = { ...(current ?? defaults), ...input }
      if (current) {
        await db.update(notificationSettings).set(next).where(eq(notificationSettings.mentoradoId, ctx.mentorado.id))
      } else {
        await db.insert(notificationSettings).values({ ...next, mentoradoId: ctx.mentorado.id })
      }
      return next
    }),
})
