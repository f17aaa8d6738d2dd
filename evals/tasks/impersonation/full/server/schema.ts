import { sql } from 'drizzle-orm'
import { index, integer, pgTable, serial, text, timestamp, uniqueIndex } from 'drizzle-orm/pg-core'

const createdAt = () => timestamp('created_at', { withTimezone: true }).notNull().defaultNow()

export const users = pgTable('users', {
  id: serial('id').primaryKey(),
  clerkId: text('clerk_id').notNull().unique(),
  name: text('name').notNull(),
  role: text('role', { enum: ['mentorado', 'admin'] }).notNull().default('mentorado'),
  createdAt: createdAt(),
})

export const mentorados = pgTable('mentorados', {
  id: serial('id').primaryKey(),
  userId: integer('user_id').notNull().unique().references(() => users.id),
  clinic: text('clinic').notNull(),
  phone: text('phone'),
  createdAt: createdAt(),
})

export const leads = pgTable(
  'leads',
  {
    id: serial('id').primaryKey(),
    mentoradoId: integer('mentorado_id').notNull().references(() => mentorados.id),
    name: text('name').notNull(),
    email: text('email').notNull(),
    status: text('status').notNull().default('new'),
    internalNote: text('internal_note'),
    createdAt: createdAt(),
  },
  (table) => [index('leads_mentorado_id_idx').on(table.mentoradoId)],
)

export const payments = pgTable(
  'payments',
  {
    id: serial('id').primaryKey(),
    mentoradoId: integer('mentorado_id').notNull().references(() => mentorados.id),
    stripeId: text('stripe_id').notNull().unique(),
    amountCents: integer('amount_cents').notNull(),
    status: text('status').notNull(),
    updatedAt: timestamp('updated_at', { withTimezone: true }).notNull().defaultNow(),
    createdAt: createdAt(),
  },
  (table) => [index('payments_mentorado_id_idx').on(table.mentoradoId)],
)

export const impersonations = pgTable(
  'impersonations',
  {
    id: serial('id').primaryKey(),
    actorId: integer('actor_id').notNull().references(() => users.id),
    subjectId: integer('subject_id').notNull().references(() => users.id),
    expiresAt: timestamp('expires_at', { withTimezone: true }).notNull(),
    endedAt: timestamp('ended_at', { withTimezone: true }),
    createdAt: createdAt(),
  },
  (table) => [
    uniqueIndex('impersonations_running_idx').on(table.actorId).where(sql`${table.endedAt} is null`),
    index('impersonations_actor_id_idx').on(table.actorId),
    index('impersonations_subject_id_idx').on(table.subjectId),
  ],
)

/** What an actor did in somebody else's account. */
export const auditLog = pgTable(
  'audit_log',
  {
    id: serial('id').primaryKey(),
    actorId: integer('actor_id').notNull().references(() => users.id),
    subjectId: integer('subject_id').notNull().references(() => users.id),
    action: text('action').notNull(),
    createdAt: createdAt(),
  },
  (table) => [
    index('audit_log_actor_id_idx').on(table.actorId),
    index('audit_log_subject_id_idx').on(table.subjectId),
  ],
)
