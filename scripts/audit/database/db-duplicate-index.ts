import type { DatabaseRule } from './rule.ts'

export const rule: DatabaseRule = {
  id: 'db-duplicate-index',
  summary: 'an index of the live database that another one covers',
  severity: 'warning',
  why: 'Each write keeps both up to date, and both take memory; reads need one.',
  fix: 'Drop the covered one concurrently after a look at what it is for.',
  operation: 'behaviour change',
  reference: 'database-design.md#detectors',
  query: `
    select a.indexrelid::regclass::text as name, b.indexrelid::regclass::text as other, a.indrelid::regclass::text as "table",
      pg_size_pretty(pg_relation_size(a.indexrelid)) as size
    from pg_index a
    join pg_index b on b.indrelid = a.indrelid and b.indexrelid <> a.indexrelid
    join pg_class ca on ca.oid = a.indexrelid
    join pg_class cb on cb.oid = b.indexrelid
    where ca.relnamespace not in ('pg_catalog'::regnamespace, 'pg_toast'::regnamespace)
      and a.indisvalid and b.indisvalid and not a.indisunique and a.indpred is null and b.indpred is null
      and a.indexprs is null and b.indexprs is null and ca.relam = cb.relam
      and b.indkey::text || ' ' like a.indkey::text || ' %'
      and b.indclass::text || ' ' like a.indclass::text || ' %' and b.indoption::text || ' ' like a.indoption::text || ' %'
      and (a.indkey::text <> b.indkey::text or a.indexrelid > b.indexrelid or b.indisunique)
    order by 1, 2`,
  say: ({ name, other, table, size }) => `${name} on ${table} (${size}) is covered by ${other}; drop index concurrently ${name}`,
}
