import type { DatabaseRule } from './rule.ts'

export const rule: DatabaseRule = {
  id: 'db-invalid',
  summary: 'an index or constraint of the live database that is not valid',
  severity: 'error',
  why: 'A failed concurrent build costs every write and serves no read; a constraint that is not valid does not speak for old rows.',
  fix: 'Drop the index concurrently and build it again; validate the constraint.',
  operation: 'behaviour change',
  reference: 'database-design.md#locks-per-change',
  query: `
    select indexrelid::regclass::text as name, indrelid::regclass::text as "table", 'index' as kind from pg_index where not indisvalid
      and not exists (select from pg_stat_progress_create_index p where p.index_relid = indexrelid)
    union all
    select conname, conrelid::regclass::text, 'constraint' from pg_constraint where not convalidated and contype in ('c', 'f') and conrelid <> 0
    order by 1`,
  say: ({ name, table, kind }) => kind === 'index' ? `the index ${name} on ${table} is invalid; drop it concurrently and build it again` : `the constraint ${name} of ${table} is not validated; alter table ${table} validate constraint ${name}`,
}
