import { z } from 'zod'

// #region mentorado-id
/** The tenant key. Branded: a plain number cannot be passed where a tenant is meant. */
export const MentoradoId = z.int().positive().brand<'MentoradoId'>()
export type MentoradoId = z.infer<typeof MentoradoId>
// #endregion

export const SESSION_STATUSES = ['scheduled', 'done', 'cancelled'] as const
export const EVENT_STATUSES = ['pending', 'processing', 'done', 'dead'] as const
/** What the outbox carries; outbound/topics.ts has a sender for each, or it does not compile. */
export const TOPICS = [
  'charge.create',
  'clerk.metadata',
  'digest.daily',
  'lead.created',
  'payment.paid',
  'session.changed',
] as const
export type TopicName = (typeof TOPICS)[number]
export const RUN_STATUSES = ['running', 'done', 'failed'] as const

/** One key per user intent, made by the client and repeated on every retry of it. */
export const IdempotencyKey = z.string().min(8).max(100)

export const Cursor = z.object({ at: z.iso.datetime(), id: z.int() })
export type Cursor = z.infer<typeof Cursor>

export const PageInput = z.object({ limit: z.int().min(1).max(100).default(25), cursor: Cursor.nullish() })
export type PageInput = z.infer<typeof PageInput>

export const pageOf = <S extends z.ZodType>(item: S) =>
  z.object({ items: z.array(item), nextCursor: Cursor.nullable() })

export const NewLead = z.object({ name: z.string().min(1).max(200), email: z.email().nullable() })
export type NewLead = z.infer<typeof NewLead>
export const Lead = z.object({
  id: z.int(),
  name: z.string(),
  email: z.string().nullable(),
  stage: z.string(),
  createdAt: z.string(),
})
export type Lead = z.infer<typeof Lead>

export const Session = z.object({
  id: z.int(),
  mentorId: z.int(),
  startsAt: z.string(),
  endsAt: z.string(),
  status: z.enum(SESSION_STATUSES),
})
export type Session = z.infer<typeof Session>

export const Payment = z.object({
  id: z.int(),
  amountCents: z.int(),
  currency: z.string(),
  status: z.string(),
  createdAt: z.string(),
})
export type Payment = z.infer<typeof Payment>
