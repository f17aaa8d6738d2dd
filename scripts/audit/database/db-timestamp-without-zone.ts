import type { DatabaseRule } from './rule.ts'

export const rule: DatabaseRule = {
  id: 'db-timestamp-without-zone',
  summary: 'a timestamp column of the live database without time zone',
  severity: 'warning',
  why: 'It names no instant: what was meant depends on the settings of the client that wrote it and of the one that reads it.',
  fix: 'Use timestamptz; convert with "at time zone" in a new column, since the type change rewrites the table.',
  operation: 'behaviour change',
  reference: 'database-design.md#table-standard',
  query: `
    select a.attrelid::regclass::text as "table", array_agg(a.attname::text order by a.attnum) as columns
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where a.atttypid = 'timestamp'::regtype and a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p') and not c.relispartition
      and c.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
    group by 1 order by 1`,
  say: ({ table, columns }) => `${table} (${columns.join(', ')}): timestamp without time zone; use timestamptz`,
}
