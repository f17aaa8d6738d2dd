import type { DatabaseRule } from './rule.ts'

export const rule: DatabaseRule = {
  id: 'db-unused-index',
  summary: 'an index of the live database that no query has used since the counters began',
  severity: 'info',
  why: 'It costs every write and is read by nobody, unless another server or a rare job needs it.',
  fix: 'Look at the replicas and the age of the counters, then drop it concurrently.',
  operation: 'behaviour change',
  reference: 'database-design.md#detectors',
  query: `
    select s.indexrelid::regclass::text as name, s.relid::regclass::text as "table", pg_size_pretty(pg_relation_size(s.indexrelid)) as size,
      coalesce(to_char(d.stats_reset, 'YYYY-MM-DD'), 'the start') as since
    from pg_stat_user_indexes s
    join pg_index i using (indexrelid)
    join pg_stat_database d on d.datname = current_database()
    where s.idx_scan = 0 and not i.indisunique and i.indisvalid and pg_relation_size(s.indexrelid) > 1048576
      and not exists (select from pg_constraint c where c.conindid = s.indexrelid)
    order by pg_relation_size(s.indexrelid) desc limit 100`,
  say: ({ name, table, size, since }) => `${name} on ${table} (${size}) was not used since ${since}; if replicas do not use it either, drop it`,
}
