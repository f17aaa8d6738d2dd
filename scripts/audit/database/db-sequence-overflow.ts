import type { DatabaseRule } from './rule.ts'

export const rule: DatabaseRule = {
  id: 'db-sequence-overflow',
  summary: 'a sequence of the live database, or the column that it fills, that is near its end',
  severity: 'error',
  why: 'At the end every insert fails at once, and changing the type of a large table locks it.',
  fix: 'Move the column to bigint in an expanding migration before it is full.',
  operation: 'behaviour change',
  reference: 'database-design.md#locks-per-change',
  query: `
    select s.schemaname || '.' || s.sequencename as name, coalesce(t.oid::regclass::text || '.' || a.attname, 'no column') as filled,
      round(100.0 * s.last_value / least(s.max_value, case a.atttypid when 'int2'::regtype then 32767 when 'int4'::regtype then 2147483647 else s.max_value end))::int as percent
    from pg_sequences s
    join pg_class q on q.relname = s.sequencename and q.relnamespace = s.schemaname::regnamespace and q.relkind = 'S'
    left join pg_depend d on d.objid = q.oid and d.classid = 'pg_class'::regclass and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
    left join pg_class t on t.oid = d.refobjid
    left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
    where s.last_value is not null and not s.cycle
      and s.last_value > 0.7 * least(s.max_value, case a.atttypid when 'int2'::regtype then 32767 when 'int4'::regtype then 2147483647 else s.max_value end)
    order by 3 desc`,
  say: ({ name, filled, percent }) => `the sequence ${name} of ${filled} is used to ${percent} %; move the column to bigint in time`,
}
