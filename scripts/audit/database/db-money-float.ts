import type { DatabaseRule } from './rule.ts'

export const rule: DatabaseRule = {
  id: 'db-money-float',
  summary: 'a money column of the live database as floating point or money',
  severity: 'warning',
  why: 'Binary fractions cannot hold 0.10: sums differ by cents, and money depends on the locale of the server.',
  fix: 'Use numeric(…, 2) or whole cents as bigint; convert in a new column.',
  operation: 'behaviour change',
  reference: 'database-design.md#table-standard',
  query: `
    select a.attrelid::regclass::text as "table", a.attname::text as "column", format_type(a.atttypid, a.atttypmod) as type
    from pg_attribute a join pg_class c on c.oid = a.attrelid
    where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p') and not c.relispartition
      and c.relnamespace not in ('pg_catalog'::regnamespace, 'information_schema'::regnamespace)
      and (a.atttypid = 'money'::regtype or (a.atttypid in ('float4'::regtype, 'float8'::regtype)
        and a.attname ~* '(^|_)(amount|price|total|subtotal|balance|fee|cost|tax|discount|revenue|salary|valor|preco|saldo)(_|$)'))
    order by 1, 2`,
  say: ({ table, column, type }) => `${table}.${column} keeps money as ${type}; use numeric or whole cents`,
}
