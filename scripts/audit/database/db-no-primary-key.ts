import type { DatabaseRule } from './rule.ts'

export const rule: DatabaseRule = {
  id: 'db-no-primary-key',
  summary: 'a table of the live database without a primary key',
  severity: 'warning',
  why: 'Rows cannot be named: logical replication, deduplication and single-row repairs do not work.',
  fix: 'Add an identity column or make the natural key the primary key.',
  operation: 'behaviour change',
  reference: 'database-design.md#table-standard',
  query: `
    select c.oid::regclass::text as "table" from pg_class c
    where c.relkind in ('r', 'p') and not c.relispartition and c.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
      and c.relpersistence = 'p' and not exists (select from pg_constraint k where k.conrelid = c.oid and k.contype = 'p')
      and not exists (select from pg_depend d where d.objid = c.oid and d.deptype = 'e')
    order by 1`,
  say: ({ table }) => `${table} has no primary key; add one`,
}
