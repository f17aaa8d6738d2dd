import type { DatabaseRule } from './rule.ts'

export const rule: DatabaseRule = {
  id: 'db-bloat',
  summary: 'a table of the live database with more dead rows than vacuum should leave',
  severity: 'warning',
  why: 'Scans read the dead rows, and the file does not shrink again.',
  fix: 'Look for a long transaction or a replication slot that holds vacuum back; lower autovacuum_vacuum_scale_factor for this table.',
  operation: 'behaviour change',
  reference: 'runbooks.md#slow-query',
  query: `
    select relid::regclass::text as "table", n_dead_tup::float8 as dead, n_live_tup::float8 as live,
      coalesce(to_char(greatest(last_vacuum, last_autovacuum), 'YYYY-MM-DD HH24:MI'), 'never') as vacuumed
    from pg_stat_user_tables where n_dead_tup > 10000 and n_dead_tup > 0.4 * greatest(n_live_tup, 1)
    order by n_dead_tup desc limit 50`,
  say: ({ table, dead, live, vacuumed }) => `${table} has ${dead} dead beside ${live} live rows, last vacuum ${vacuumed}; find what holds vacuum back`,
}
