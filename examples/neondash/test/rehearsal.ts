import type pg from 'pg'
import { down, up } from '../server/db/migrate'
import { shape } from './migrations'

/** One migration of a rehearsal: the folder that ends with it, and rows for what it added. */
export interface Stage {
  tag: string
  folder: string
  load: string
}

/**
 * Takes an empty database through `stages`: each goes up, gets rows, goes down and up again. What is wrong, one line
 * each: a way back that leaves another shape or other rows than were there before, a second way up that differs
 * from the first, a column that no row fills.
 */
export async function rehearse(client: pg.Client, stages: Stage[]): Promise<string[]> {
  const problems: string[] = []
  for (const { tag, folder, load } of stages) {
    const before = { shape: await shape(client), columns: await columns(client) }
    const rows = await rowsOf(client, before.columns)
    await up(client, folder)
    const after = await shape(client)
    await client.query(load)
    for (const column of await emptyColumns(client)) problems.push(`${tag}: no row fills ${column}`)
    await down(client, 1, folder)
    if (!Bun.deepEquals(await shape(client), before.shape)) problems.push(`${tag}: down leaves another shape`)
    else if (!Bun.deepEquals(await rowsOf(client, before.columns), rows))
      problems.push(`${tag}: down changes rows`)
    await up(client, folder)
    if (!Bun.deepEquals(await shape(client), after))
      problems.push(`${tag}: the second up makes another shape`)
    await client.query(load)
  }
  return problems
}

type Columns = Map<string, string[]>

async function columns(client: pg.Client): Promise<Columns> {
  const { rows } = await client.query(`
    select table_name, array_agg(quote_ident(column_name)::text order by column_name) as names
    from information_schema.columns where table_schema = 'public' group by 1`)
  return new Map(rows.map((row) => [row.table_name, row.names]))
}

async function rowsOf(client: pg.Client, columns: Columns): Promise<string[]> {
  const lines: string[] = []
  for (const [table, names] of columns) {
    const row = `jsonb_build_array(${names.join()})::text`
    const { rows } = await client.query(`select ${row} as row from "${table}" order by 1`)
    lines.push(...rows.map((one) => `${table} ${one.row}`))
  }
  return lines
}

async function emptyColumns(client: pg.Client): Promise<string[]> {
  const empty: string[] = []
  for (const [table, names] of await columns(client)) {
    const { rows } = await client.query({
      text: `select ${names.map((name) => `count(${name})`).join()} from "${table}"`,
      rowMode: 'array',
    })
    empty.push(...names.filter((_, n) => rows[0]?.[n] === '0').map((name) => `${table}.${name}`))
  }
  return empty
}
