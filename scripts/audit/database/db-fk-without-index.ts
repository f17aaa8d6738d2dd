import type { DatabaseRule } from './rule.ts'

export const rule: DatabaseRule = {
  id: 'db-fk-without-index',
  summary: 'a foreign key of the live database that no valid index begins with',
  severity: 'error',
  why: 'Each delete or key change of a parent scans the whole child table, and joins do as well.',
  fix: 'Create the index concurrently over the direct URL, then add it to the schema.',
  operation: 'behaviour change',
  reference: 'database-design.md#detectors',
  query: `
    select c.conrelid::regclass::text as "table", c.conname as name, c.confrelid::regclass::text as parent,
      array(select a.attname::text from unnest(c.conkey) with ordinality k (num, place)
        join pg_attribute a on a.attrelid = c.conrelid and a.attnum = k.num order by k.place) as columns
    from pg_constraint c
    where c.contype = 'f' and c.conparentid = 0 and not exists (
      select from pg_index i where i.indrelid = c.conrelid and i.indisvalid and i.indpred is null
        and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)
    order by 1, 2`,
  say: ({ table, columns, parent }) => `${table} (${columns.join(', ')}) references ${parent} and no valid index begins with it; create index concurrently on ${table} (${columns.join(', ')})`,
}
