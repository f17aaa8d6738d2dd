import { asc, desc } from 'drizzle-orm'
import { z } from 'zod'
import { leads } from './schema.ts'

/** What leads can be sorted by, and how. */
export const sortable = { name: asc(leads.name), email: asc(leads.email), createdAt: desc(leads.createdAt) }

export const LeadFilter = z.object({
  text: z.string().max(200).optional(),
  status: z.enum(['new', 'contacted', 'won', 'lost']).optional(),
  orderBy: z.enum(['name', 'email', 'createdAt']).default('createdAt'),
})
