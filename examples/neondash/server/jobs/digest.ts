import { sql } from 'drizzle-orm'
import type { TopicName } from '../../shared/contracts'
import { type Job, requestIdOf } from './scheduler'

const ZONE = 'America/Sao_Paulo'
const CHUNK = 200

/** Each morning: today's sessions and yesterday's new leads, one message per mentorado that has any. */
export const dailyDigest: Job = {
  name: 'daily-digest',
  schedule: { period: 'day', after: '7 hours', zone: ZONE },
  missed: 'newest',

  // #region digest-chunk
  async chunk(tx, run) {
    const { rows } = await tx.execute<{ size: number; last: string }>(sql`
      with day as (
        select date_trunc('day', ${run.slot}::timestamptz at time zone ${ZONE}) as today
      ), bounds as (
        select to_char(today, 'YYYY-MM-DD') as label,
          (today - interval '1 day') at time zone ${ZONE} as yesterday,
          today at time zone ${ZONE} as today,
          (today + interval '1 day') at time zone ${ZONE} as tomorrow
        from day
      ), chunk as (
        select m.id from mentorados m join users u on u.id = m.user_id and u.deleted_at is null
        where m.id > ${run.watermark ?? 0} order by m.id limit ${CHUNK}
      ), digests as (
        select id, label,
          (select count(*) from sessions s where s.mentorado_id = chunk.id and s.status = 'scheduled'
            and s.starts_at >= today and s.starts_at < tomorrow) as sessions,
          (select count(*) from leads l where l.mentorado_id = chunk.id
            and l.created_at >= yesterday and l.created_at < today) as leads
        from chunk, bounds
      ), written as (
        insert into outbox (topic, dedup_key, payload)
        select ${'digest.daily' satisfies TopicName}, 'digest.daily:' || label || ':' || id, jsonb_build_object(
          'mentoradoId', id, 'day', label, 'sessions', sessions, 'leads', leads,
          'requestId', ${requestIdOf(run)}::text)
        from digests where sessions + leads > 0
        on conflict (dedup_key) do nothing
      )
      select count(*)::int as size, max(id)::text as last from chunk`)
    const [chunk] = rows
    return chunk?.size === CHUNK ? Number(chunk.last) : null
  },
  // #endregion
}
