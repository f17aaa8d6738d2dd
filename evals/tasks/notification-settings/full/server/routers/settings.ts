import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { db } from '../db.ts'
import { mentorados } from '../schema.ts'
import { mentoradoProcedure, router } from '../trpc.ts'

const columns = {
  emailEnabled: mentorados.emailEnabled,
  digestHour: mentorados.digestHour,
  timezone: mentorados.timezone,
}

function isTimeZone(name: string): boolean {
  try {
    new Intl.DateTimeFormat('en', { timeZone: name })
    return true
  } catch {
    return false
  }
}

const settings = z.object({
  emailEnabled: z.boolean(),
  digestHour: z.int().min(0).max(23),
  timezone: z.string().max(64).refine(isTimeZone, 'not a time zone'),
})

async function load(mentoradoId: number) {
  const [row] = await db.select(columns).from(mentorados).where(eq(mentorados.id, mentoradoId))
  return row!
}

export const settingsRouter = router({
  get: mentoradoProcedure.output(settings).query(({ ctx }) => load(ctx.mentorado.id)),

  update: mentoradoProcedure
    .input(settings.partial().strict())
    .output(settings)
    .mutation(async ({ ctx, input }) => {
      const named = Object.values(input).some((value) => value !== undefined)
      if (!named) return load(ctx.mentorado.id)
      // Only the columns named: what another tab writes at the same time stays.
      const [row] = await db.update(mentorados).set(input).where(eq(mentorados.id, ctx.mentorado.id)).returning(columns)
      return row!
    }),
})
