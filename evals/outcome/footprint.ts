import type { Rig } from './rig.ts'

/**
 * Start watching what the database keeps of a piece of work. The returned function describes the rows that
 * were added or changed since, without what differs from run to run (numbers, times, ids, and the words in `names`):
 * two pieces of work with equal footprints cannot be told apart by the database, "sent" and "not sent" included.
 */
export async function watchFootprint(rig: Rig): Promise<(names: string[]) => Promise<string>> {
  const before = new Set((await rowsOf(rig)).map(({ text }) => text))
  return async (names) => {
    const added = (await rowsOf(rig)).filter(({ text }) => !before.has(text))
    return added.map(({ table, row }) => `${table} ${JSON.stringify(shape(row, names))}`).sort().join('\n')
  }
}

async function rowsOf({ sql }: Rig): Promise<{ table: string; row: unknown; text: string }[]> {
  const tables = await sql(`select format('%I.%I', schemaname, tablename) as name from pg_tables
    where schemaname not in ('pg_catalog', 'information_schema')`)
  const rows = []
  for (const { name } of tables) {
    const found = await sql(`select to_jsonb(t) as row, t::text as text from ${name} t`)
    rows.push(...found.map(({ row, text }) => ({ table: name as string, row, text: `${name} ${text}` })))
  }
  return rows
}

function shape(value: unknown, names: string[]): unknown {
  if (Array.isArray(value)) return value.map((one) => shape(one, names))
  if (typeof value === 'object' && value !== null)
    return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, shape(one, names)]))
  if (typeof value !== 'string') return typeof value === 'number' ? 'number' : value
  const text = names.reduce((text, name) => text.replaceAll(name, 'NAME'), value)
  return /\d/.test(text) ? 'text' : text
}
