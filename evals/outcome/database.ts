import { setTimeout as sleep } from 'node:timers/promises'
import type { Rig } from './rig.ts'

type Sql = Pick<Rig, 'sql'>

const tables = `select c.oid, format('%I.%I', n.nspname, c.relname) as name
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind = 'r' and n.nspname not in ('pg_catalog', 'information_schema', 'drizzle')`

/** Set every time that the database holds `minutes` back, as if they had passed; triggers do not run. */
export async function age({ sql }: Sql, minutes: number): Promise<void> {
  const set = `string_agg(format('%1$I = %1$I - interval ''${minutes} minutes''', attname), ', ')`
  const columns = await sql(`select t.name, ${set} as set
    from (${tables}) t join pg_attribute on attrelid = t.oid
    where attnum > 0 and not attisdropped and attgenerated = '' and atttypid in ('timestamptz'::regtype, 'timestamp'::regtype)
    group by t.name`)
  await sql('set session_replication_role = replica')
  for (const { name, set } of columns) await sql(`update ${name} set ${set}`)
  await sql('reset session_replication_role')
}

/** Number of rows, in whatever table, that contain one word of each group. */
export async function rowsWith({ sql }: Sql, groups: (string | number)[][]): Promise<number> {
  const patterns = groups.map((words) => `\\m(${words.join('|')})\\M`)
  let count = 0
  for (const { name } of await sql(tables)) {
    const [row] = await sql(`select count(*)::int as n from ${name} t
      where (select bool_and(t::text ~ pattern) from unnest($1::text[]) pattern)`, [patterns])
    count += row.n
  }
  return count
}

/** Foreign keys, as `table(columns)`, whose columns lead no index. */
export async function unindexedKeys({ sql }: Sql): Promise<string[]> {
  const rows = await sql(`select format('%s(%s)', conrelid::regclass, (select string_agg(attname, ', ')
      from pg_attribute where attrelid = conrelid and attnum = any (conkey))) as key
    from pg_constraint where contype = 'f' and not exists (
      select from pg_index where indrelid = conrelid and indisvalid
        and (indkey::int2[])[0:cardinality(conkey) - 1] @> conkey)
    order by 1`)
  return rows.map(({ key }) => key)
}

/** Wait until `count` sessions of the database wait for a lock; false when they do not within 2 s. */
export async function blocked({ sql }: Sql, count: number): Promise<boolean> {
  for (const deadline = Date.now() + 2000; Date.now() < deadline; await sleep(50)) {
    await sql('select pg_stat_clear_snapshot()') // inside a transaction the view stands still otherwise
    const [row] = await sql(`select count(*)::int as n from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`)
    if (row.n >= count) return true
  }
  return false
}

/** Wait until the backend's sessions are gone from the database, at most 5 s. */
export async function alone({ sql }: Sql): Promise<void> {
  for (const deadline = Date.now() + 5000; Date.now() < deadline; await sleep(50)) {
    const [row] = await sql(`select count(*)::int as n from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend'`)
    if (row.n === 0) return
  }
}
