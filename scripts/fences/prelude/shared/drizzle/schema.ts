import {
  bigint, boolean, integer, jsonb, pgEnum, pgTable, primaryKey, text, timestamp, unique, uuid,
} from 'drizzle-orm/pg-core'

const id = () => bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity()
const key = (name: string) => bigint(name, { mode: 'number' })
const at = (name: string) => timestamp(name, { withTimezone: true })

export const userRole = pgEnum('user_role', [
  'admin', 'mentor', 'mentorado', 'clinica_owner', 'clinica_staff', 'pending',
])

export const users = pgTable('users', {
  id: id(),
  clerkId: text('clerk_id').notNull().unique(),
  email: text().notNull(),
  role: userRole().notNull().default('pending'),
  deletedAt: at('deleted_at'),
})

export const mentors = pgTable('mentors', {
  id: id(),
  userId: key('user_id').notNull().unique().references(() => users.id),
})

export const mentorados = pgTable('mentorados', {
  id: id(),
  userId: key('user_id').notNull().unique().references(() => users.id),
  mentorId: key('mentor_id').references(() => mentors.id),
})

export const leads = pgTable('leads', {
  id: id(),
  mentoradoId: key('mentorado_id').notNull().references(() => mentorados.id),
  name: text().notNull(),
  email: text(),
  stage: text().notNull().default('new'),
  createdAt: at('created_at').notNull().defaultNow(),
}, (t) => [unique().on(t.mentoradoId, t.email)])

export const integrationEvents = pgTable('integration_events', {
  id: id(),
  source: text().notNull(),
  eventId: text('event_id').notNull(),
  type: text().notNull(),
  payload: jsonb().notNull(),
  occurredAt: at('occurred_at'),
  status: text().notNull().default('pending'),
  attempts: integer().notNull().default(0),
}, (t) => [unique().on(t.source, t.eventId)])

export const outbox = pgTable('outbox', {
  id: id(),
  topic: text().notNull(),
  dedupKey: text('dedup_key').notNull().unique(),
  payload: jsonb().notNull(),
})

export const idempotencyKeys = pgTable('idempotency_keys', {
  actorId: key('actor_id').notNull().references(() => users.id),
  key: text().notNull(),
  requestHash: text('request_hash').notNull(),
  response: jsonb(),
}, (t) => [primaryKey({ columns: [t.actorId, t.key] })])

export const impersonationGrants = pgTable('impersonation_grants', {
  id: uuid().primaryKey().defaultRandom(),
  actorUserId: key('actor_user_id').notNull().references(() => users.id),
  subjectMentoradoId: key('subject_mentorado_id').notNull().references(() => mentorados.id),
  canWrite: boolean('can_write').notNull().default(false),
  expiresAt: at('expires_at').notNull(),
  endedAt: at('ended_at'),
})
