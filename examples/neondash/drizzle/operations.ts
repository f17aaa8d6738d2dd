import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgTable,
  primaryKey,
  text,
  unique,
  uuid,
} from 'drizzle-orm/pg-core'
import { EVENT_STATUSES, RUN_STATUSES, TOPICS } from '../shared/contracts'
import { at, createdAt, exactAt, id, ref, tenant } from './columns'
import { mentorados, users } from './programme'

export const integrationEvents = pgTable(
  'integration_events',
  {
    id: id(),
    source: text().notNull(),
    eventId: text('event_id').notNull(),
    type: text().notNull(),
    /** JSON's null once its retention has passed; the row stays, so that a late duplicate is still known. */
    payload: jsonb().notNull(),
    occurredAt: at('occurred_at'),
    receivedAt: at('received_at').notNull().defaultNow(),
    status: text({ enum: EVENT_STATUSES }).notNull().default('pending'),
    attempts: integer().notNull().default(0),
    nextAttemptAt: at('next_attempt_at').notNull().defaultNow(),
    leasedUntil: at('leased_until'),
    lastError: text('last_error'),
    processedAt: at('processed_at'),
  },
  (t) => [
    unique('integration_events_source_event_id_key').on(t.source, t.eventId),
    index('integration_events_due_idx')
      .on(t.nextAttemptAt)
      .where(sql`${t.status} in ('pending', 'processing')`),
    index('integration_events_dead_idx').on(t.source, t.type).where(sql`${t.status} = 'dead'`),
    index('integration_events_retained_idx')
      .on(t.processedAt)
      .where(sql`${t.status} = 'done' and ${t.payload} <> 'null'`),
    check('integration_events_status_check', sql`${t.status} in ('pending', 'processing', 'done', 'dead')`),
  ],
)

export const outbox = pgTable(
  'outbox',
  {
    id: id(),
    topic: text({ enum: TOPICS }).notNull(),
    dedupKey: text('dedup_key').notNull().unique('outbox_dedup_key_key'),
    payload: jsonb().notNull(),
    attempts: integer().notNull().default(0),
    nextAttemptAt: at('next_attempt_at').notNull().defaultNow(),
    sentAt: at('sent_at'),
    createdAt: createdAt(),
  },
  (t) => [index('outbox_due_idx').on(t.nextAttemptAt).where(sql`${t.sentAt} is null`)],
)

export const jobRuns = pgTable(
  'job_runs',
  {
    job: text().notNull(),
    slot: exactAt('slot').notNull(),
    status: text({ enum: RUN_STATUSES }).notNull().default('running'),
    startedAt: at('started_at').notNull().defaultNow(),
    leasedUntil: exactAt('leased_until').notNull(),
    finishedAt: at('finished_at'),
    watermark: bigint({ mode: 'number' }),
  },
  (t) => [
    primaryKey({ name: 'job_runs_pkey', columns: [t.job, t.slot] }),
    check('job_runs_status_check', sql`${t.status} in ('running', 'done', 'failed')`),
  ],
)

export const idempotencyKeys = pgTable(
  'idempotency_keys',
  {
    actorId: ref('actor_id')
      .notNull()
      .references(() => users.id),
    key: text().notNull(),
    requestHash: text('request_hash').notNull(),
    response: jsonb(),
    createdAt: createdAt(),
  },
  (t) => [primaryKey({ name: 'idempotency_keys_pkey', columns: [t.actorId, t.key] })],
)

export const impersonationGrants = pgTable(
  'impersonation_grants',
  {
    id: uuid().primaryKey().defaultRandom(),
    actorUserId: ref('actor_user_id')
      .notNull()
      .references(() => users.id),
    subjectMentoradoId: tenant('subject_mentorado_id')
      .notNull()
      .references(() => mentorados.id),
    reason: text().notNull(),
    canWrite: boolean('can_write').notNull().default(false),
    startedAt: at('started_at').notNull().defaultNow(),
    expiresAt: at('expires_at').notNull(),
    endedAt: at('ended_at'),
  },
  (t) => [
    index('impersonation_grants_actor_idx').on(t.actorUserId, t.expiresAt),
    index('impersonation_grants_subject_idx').on(t.subjectMentoradoId),
    check('impersonation_grants_check', sql`${t.expiresAt} > ${t.startedAt}`),
  ],
)

export const auditLog = pgTable(
  'audit_log',
  {
    id: id(),
    actorUserId: ref('actor_user_id')
      .notNull()
      .references(() => users.id),
    subjectMentoradoId: tenant('subject_mentorado_id').references(() => mentorados.id),
    action: text().notNull(),
    target: text(),
    requestId: text('request_id'),
    detail: jsonb().notNull().default({}),
    at: at('at').notNull().defaultNow(),
  },
  (t) => [
    index('audit_log_actor_at_idx').on(t.actorUserId, t.at.desc().nullsFirst()),
    index('audit_log_subject_at_idx').on(t.subjectMentoradoId, t.at.desc().nullsFirst()),
  ],
)

export type IntegrationEvent = typeof integrationEvents.$inferSelect
export type OutboxMessage = typeof outbox.$inferSelect
export type JobRun = typeof jobRuns.$inferSelect
export type ImpersonationGrant = typeof impersonationGrants.$inferSelect
export type AuditEntry = typeof auditLog.$inferSelect
