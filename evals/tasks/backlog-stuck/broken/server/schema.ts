import { index, integer, jsonb, pgTable, serial, text, timestamp } from 'drizzle-orm/pg-core'

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
  balanceCents: integer('balance_cents').notNull().default(0),
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

export const credits = pgTable(
  'credits',
  {
    id: serial('id').primaryKey(),
    eventId: text('event_id').notNull(),
    mentoradoId: integer('mentorado_id').notNull().references(() => mentorados.id),
    amountCents: integer('amount_cents').notNull(),
    createdAt: createdAt(),
  },
  (table) => [index('credits_mentorado_id_idx').on(table.mentoradoId)],
)

export const webhookEvents = pgTable(
  'webhook_events',
  {
    id: text('id').primaryKey(),
    source: text('source', { enum: ['stripe', 'pix'] }).notNull(),
    body: jsonb('body').notNull(),
    status: text('status', { enum: ['pending', 'processing', 'done', 'dead'] }).notNull().default('pending'),
    leasedBy: text('leased_by'),
    leasedUntil: timestamp('leased_until', { withTimezone: true }),
    lastError: text('last_error'),
    receivedAt: timestamp('received_at', { withTimezone: true }).notNull().defaultNow(),
    processedAt: timestamp('processed_at', { withTimezone: true }),
  },
  (table) => [index('webhook_events_status_idx').on(table.source, table.status, table.receivedAt)],
)
