import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  boolean,
  char,
  check,
  index,
  jsonb,
  pgEnum,
  pgTable,
  text,
  unique,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { type MentoradoId, SESSION_STATUSES } from '../shared/contracts'
import { ROLES } from '../shared/roles'
import { at, createdAt, exactAt, id, ref, tenant, updatedAt } from './columns'

export const userRole = pgEnum('user_role', ROLES)

export const users = pgTable(
  'users',
  {
    id: id(),
    clerkId: text('clerk_id').notNull().unique('users_clerk_id_key'),
    email: text().notNull(),
    role: userRole().notNull().default('pending'),
    /** Whose clinic a `clinica_staff` works in: the only tenant of that role. */
    clinicId: tenant('clinic_id').references((): AnyPgColumn => mentorados.id),
    clerkUpdatedAt: exactAt('clerk_updated_at'),
    deletedAt: at('deleted_at'),
    createdAt: createdAt(),
    // The version of cached sessions: it must grow with every change, also when transactions overlap.
    updatedAt: exactAt('updated_at')
      .notNull()
      .defaultNow()
      .$onUpdate(() => sql`greatest(clock_timestamp(), "users"."updated_at" + interval '1 microsecond')`),
  },
  (t) => [
    index('users_clinic_id_idx').on(t.clinicId),
    check('users_clinic_check', sql`${t.clinicId} is null or ${t.role} = 'clinica_staff'`),
  ],
)

export const mentors = pgTable('mentors', {
  id: id(),
  userId: ref('user_id')
    .notNull()
    .references(() => users.id)
    .unique('mentors_user_id_key'),
})

export const mentorados = pgTable(
  'mentorados',
  {
    id: id().$type<MentoradoId>(),
    userId: ref('user_id')
      .notNull()
      .references(() => users.id)
      .unique('mentorados_user_id_key'),
    mentorId: ref('mentor_id').references(() => mentors.id),
    /** Whose money it is when an event names no mentorado. */
    stripeCustomerId: text('stripe_customer_id'),
    turma: text(),
    goals: jsonb().notNull().default({}),
    createdAt: createdAt(),
    updatedAt: updatedAt(),
  },
  (t) => [
    index('mentorados_mentor_id_idx').on(t.mentorId),
    uniqueIndex('mentorados_stripe_customer_id_key').on(t.stripeCustomerId),
  ],
)

export const sessions = pgTable(
  'sessions',
  {
    id: id(),
    mentoradoId: tenant('mentorado_id')
      .notNull()
      .references(() => mentorados.id),
    mentorId: ref('mentor_id')
      .notNull()
      .references(() => mentors.id),
    startsAt: at('starts_at').notNull(),
    endsAt: at('ends_at').notNull(),
    status: text({ enum: SESSION_STATUSES }).notNull().default('scheduled'),
  },
  (t) => [
    index('sessions_mentorado_id_starts_at_idx').on(t.mentoradoId, t.startsAt.desc().nullsFirst()),
    index('sessions_mentor_id_idx').on(t.mentorId),
    check('sessions_status_check', sql`${t.status} in ('scheduled', 'done', 'cancelled')`),
    check('sessions_check', sql`${t.endsAt} > ${t.startsAt}`),
  ],
)

export const leads = pgTable(
  'leads',
  {
    id: id(),
    mentoradoId: tenant('mentorado_id')
      .notNull()
      .references(() => mentorados.id),
    referredById: ref('referred_by_id').references((): AnyPgColumn => leads.id),
    name: text().notNull(),
    email: text(),
    phone: text(),
    stage: text().notNull().default('new'),
    ativo: boolean().notNull().default(true),
    createdAt: exactAt('created_at').notNull().defaultNow(),
    updatedAt: updatedAt(),
  },
  // #region leads-keys
  (t) => [
    unique('leads_mentorado_id_email_key').on(t.mentoradoId, t.email),
    index('leads_mentorado_id_created_at_idx').on(
      t.mentoradoId,
      t.createdAt.desc().nullsFirst(),
      t.id.desc().nullsFirst(),
    ),
    index('leads_referred_by_id_idx').on(t.referredById),
  ],
  // #endregion
)

export const payments = pgTable(
  'payments',
  {
    id: id(),
    mentoradoId: tenant('mentorado_id')
      .notNull()
      .references(() => mentorados.id),
    provider: text().notNull(),
    providerRef: text('provider_ref').notNull(),
    amountCents: bigint('amount_cents', { mode: 'number' }).notNull(),
    currency: char({ length: 3 }).notNull().default('BRL'),
    status: text().notNull().default('pending'),
    paidAt: at('paid_at'),
    createdAt: exactAt('created_at').notNull().defaultNow(),
  },
  (t) => [
    unique('payments_provider_provider_ref_key').on(t.provider, t.providerRef),
    index('payments_mentorado_id_created_at_idx').on(t.mentoradoId, t.createdAt.desc().nullsFirst()),
    check('payments_amount_cents_check', sql`${t.amountCents} >= 0`),
  ],
)

export type User = typeof users.$inferSelect
export type Mentor = typeof mentors.$inferSelect
export type Mentorado = typeof mentorados.$inferSelect
export type Session = typeof sessions.$inferSelect
export type Lead = typeof leads.$inferSelect
export type Payment = typeof payments.$inferSelect
