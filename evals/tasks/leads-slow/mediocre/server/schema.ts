import { index, integer, pgTable, serial, text, timestamp } from 'drizzle-orm/pg-core'

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

export const imports = pgTable('imports', {
  id: serial('id').primaryKey(),
  mentoradoId: integer('mentorado_id').notNull().references(() => mentorados.id),
  file: text('file').notNull(),
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
    importId: integer('import_id').references(() => imports.id),
    createdAt: createdAt(),
  },
  (table) => [index('leads_mentorado_id_idx').on(table.mentoradoId)],
)

export const contacts = pgTable(
  'contacts',
  {
    id: serial('id').primaryKey(),
    leadId: integer('lead_id').notNull().references(() => leads.id),
    channel: text('channel').notNull(),
    createdAt: createdAt(),
  },
  (table) => [index('contacts_lead_id_idx').on(table.leadId)],
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
