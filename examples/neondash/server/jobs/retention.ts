import { sql } from 'drizzle-orm'
import type { Job } from './scheduler'

const CHUNK = 500

// #region retention-job
/**
 * Each night: empties the bodies of webhooks processed more than `days` ago, as they hold personal data. The rows
 * stay: their unique key still refuses a late duplicate. What is dead waits for a person, with its body.
 */
export const webhookRetention = (days: number): Job => ({
  name: 'webhook-retention',
  schedule: { period: 'day', after: '3 hours', zone: 'America/Sao_Paulo' },
  missed: 'newest',

  async chunk(tx, { slot, watermark }) {
    const { rows } = await tx.execute(sql`
      with due as materialized (
        select id from integration_events
        where status = 'done' and payload <> 'null'
          and processed_at < ${slot}::timestamptz - ${days}::int * interval '1 day'
        order by processed_at limit ${CHUNK} for update skip locked)
      update integration_events e set payload = 'null' from due where e.id = due.id returning e.id`)
    return rows.length < CHUNK ? null : (watermark ?? 0) + rows.length
  },
})
// #endregion
