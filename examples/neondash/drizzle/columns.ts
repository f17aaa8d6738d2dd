import { sql } from 'drizzle-orm'
import { bigint, timestamp } from 'drizzle-orm/pg-core'
import type { MentoradoId } from '../shared/contracts'

export const id = () => bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity()

export const ref = (name: string) => bigint(name, { mode: 'number' })

/** A reference to `mentorados.id`, the tenant key. */
export const tenant = (name: string) => ref(name).$type<MentoradoId>()

export const at = (name: string) => timestamp(name, { withTimezone: true })

/** Keeps PostgreSQL's microseconds: for cursors, versions and lease tokens, which a `Date` would round. */
export const exactAt = (name: string) => timestamp(name, { withTimezone: true, mode: 'string' })

export const createdAt = () => at('created_at').notNull().defaultNow()

export const updatedAt = () =>
  at('updated_at')
    .notNull()
    .defaultNow()
    .$onUpdate(() => sql`now()`)
