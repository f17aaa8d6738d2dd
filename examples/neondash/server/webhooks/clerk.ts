import { sql } from 'drizzle-orm'
import { z } from 'zod'
import type { TopicName } from '../../shared/contracts'
import type { Tx } from '../db/client'
import type { InboxEvent } from './inbox'

const Updated = z.object({
  data: z.object({
    id: z.string(),
    updated_at: z.number(),
    primary_email_address_id: z.string().nullable(),
    email_addresses: z.array(z.object({ id: z.string(), email_address: z.string() })),
    public_metadata: z.object({ role: z.string().nullable().catch(null) }).catch({ role: null }),
  }),
})
const Deleted = z.object({ data: z.object({ id: z.string() }) })

// #region sync-user
/** Newest wins; a deleted user stays deleted. The role is ours: the payload shows which one Clerk knows. */
export async function syncUser(tx: Tx, event: InboxEvent) {
  const { data: user } = Updated.parse(event.payload)
  const email =
    user.email_addresses.find(({ id }) => id === user.primary_email_address_id)?.email_address ?? ''
  // Metadata written to Clerk comes back as user.updated: only a difference is told, or this never ends.
  await tx.execute(sql`
    with applied as (
      insert into users (clerk_id, email, clerk_updated_at)
      values (${user.id}, ${email}, ${new Date(user.updated_at).toISOString()})
      on conflict (clerk_id) do update
        set email = excluded.email, clerk_updated_at = excluded.clerk_updated_at,
          updated_at = greatest(clock_timestamp(), users.updated_at + interval '1 microsecond')
        where users.deleted_at is null
          and coalesce(users.clerk_updated_at, '-infinity') < excluded.clerk_updated_at
      returning id, role
    )
    insert into outbox (topic, dedup_key, payload)
    select ${'clerk.metadata' satisfies TopicName}, ${`clerk.metadata:${event.eventId}`},
      jsonb_build_object('userId', id)
    from applied where role::text is distinct from ${user.public_metadata.role}
    on conflict (dedup_key) do nothing`)
}
// #endregion

// #region remove-user
/**
 * Always wins, and leaves a tombstone even before `user.created` came: a late event brings nobody back. Who worked
 * in that person's clinic works there no longer.
 */
export async function removeUser(tx: Tx, event: InboxEvent) {
  const { data: user } = Deleted.parse(event.payload)
  await tx.execute(sql`
    with removed as (
      insert into users (clerk_id, email, deleted_at) values (${user.id}, '', now())
      on conflict (clerk_id) do update
        set email = '', deleted_at = now(),
          updated_at = greatest(clock_timestamp(), users.updated_at + interval '1 microsecond')
        where users.deleted_at is null
      returning id, clerk_id, updated_at
    ), dismissed as (
      update users set role = 'pending', clinic_id = null,
        updated_at = greatest(clock_timestamp(), users.updated_at + interval '1 microsecond')
      from mentorados join removed on removed.id = mentorados.user_id
      where users.clinic_id = mentorados.id
      returning users.id, users.clerk_id, users.updated_at
    )
    insert into outbox (topic, dedup_key, payload)
    select ${'session.changed' satisfies TopicName}, 'session.changed:' || ${event.eventId}::text || ':' || id,
      jsonb_build_object('clerkId', clerk_id, 'version', (extract(epoch from updated_at) * 1000000)::bigint)
    from (select * from removed union all select * from dismissed) as changed (id, clerk_id, updated_at)
    union all
    select ${'clerk.metadata' satisfies TopicName}, 'clerk.metadata:' || ${event.eventId}::text || ':' || id,
      jsonb_build_object('userId', id)
    from dismissed
    on conflict (dedup_key) do nothing`)
}
// #endregion
