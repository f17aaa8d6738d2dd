import { and, desc, eq, max, sql } from 'drizzle-orm'
import { z } from 'zod'
import { db } from '../db.ts'
import { contacts, leads } from '../schema.ts'
import { mentoradoProcedure, router } from '../trpc.ts'

/** Where a page ended: `<created_at to the microsecond>/<id>`, since the leads of an import share their time. */
const cursor = z
  .string()
  .max(64)
  .transform((text) => {
    const [at, id] = text.split('/')
    return { at, id: Number(id) }
  })
  .pipe(z.object({ at: z.iso.datetime(), id: z.int32() }))

export const leadsRouter = router({
  list: mentoradoProcedure
    .input(z.object({ cursor: cursor.nullish(), limit: z.int().min(1).max(100).default(50) }))
    .query(async ({ ctx, input: { cursor, limit } }) => {
      const contact = db
        .select({ at: max(contacts.createdAt).as('at') })
        .from(contacts)
        .where(eq(contacts.leadId, leads.id))
        .as('contact')
      const rows = await db
        .select({
          lead: { id: leads.id, name: leads.name, email: leads.email, status: leads.status, createdAt: leads.createdAt },
          lastContactAt: contact.at,
          at: sql<string>`to_char(${leads.createdAt} at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')`,
        })
        .from(leads)
        .leftJoinLateral(contact, sql`true`)
        .where(
          and(
            eq(leads.mentoradoId, ctx.mentorado.id),
            cursor ? sql`(${leads.createdAt}, ${leads.id}) < (${cursor.at}::timestamptz, ${cursor.id})` : undefined,
          ),
        )
        .orderBy(desc(leads.createdAt), desc(leads.id))
        .limit(limit + 1)
      const page = rows.slice(0, limit)
      const end = page.at(-1)
      return {
        items: page.map(({ lead, lastContactAt }) => ({ ...lead, lastContactAt })),
        nextCursor: end && rows.length > limit ? `${end.at}/${end.lead.id}` : null,
      }
    }),

  create: mentoradoProcedure
    .input(z.object({ name: z.string().min(1).max(200), email: z.email().max(254) }))
    .mutation(async ({ ctx, input }) => {
      const [lead] = await db
        .insert(leads)
        .values({ ...input, mentoradoId: ctx.mentorado.id })
        .returning({ id: leads.id, name: leads.name, email: leads.email, status: leads.status })
      return lead!
    }),
})
