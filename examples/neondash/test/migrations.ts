import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'

const FOLDER = join(import.meta.dir, '../drizzle')

/** Every column, constraint, index and type that the migrations made. */
export async function shape(client: pg.Client): Promise<string[]> {
  const { rows } = await client.query(`
    select format('%s.%s %s %s %s', table_name, column_name, data_type, is_nullable, column_default) as line
    from information_schema.columns where table_schema = 'public'
    union all select indexdef from pg_indexes where schemaname = 'public'
    union all select format('%s %s', conrelid::regclass, pg_get_constraintdef(oid)) from pg_constraint
    where connamespace = 'public'::regnamespace
    union all select format('%s %s', enumtypid::regtype, enumlabel) from pg_enum
    order by 1`)
  return rows.map((row) => row.line)
}

/** A copy of the migrations and their journal, removed by `await using`. */
async function copied() {
  const folder = await mkdtemp(join(tmpdir(), 'neondash-migrations-'))
  await cp(FOLDER, folder, { recursive: true })
  const path = join(folder, 'meta/_journal.json')
  const journal = JSON.parse(await readFile(path, 'utf8'))
  const write = (entries: object[]) => writeFile(path, JSON.stringify({ ...journal, entries }))
  return {
    folder,
    entries: journal.entries,
    write,
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  }
}

/** A copy that ends after the first `count` migrations. */
export async function folderUpTo(count: number) {
  const copy = await copied()
  await copy.write(copy.entries.slice(0, count))
  return copy
}

/** A copy of the migrations with one more, `when` milliseconds from the last. */
export async function folderWith(statements: string, { when = 1, back = true } = {}) {
  const copy = await copied()
  const { folder, entries } = copy
  const entry = { idx: entries.length, version: '7', when: entries.at(-1).when + when, breakpoints: true }
  await copy.write([...entries, { ...entry, tag: 'extra' }])
  await writeFile(join(folder, 'extra.sql'), statements)
  const journalRow = back ? `delete from drizzle.__drizzle_migrations where created_at = ${entry.when};` : ''
  await writeFile(join(folder, 'down/extra.sql'), `drop table if exists extra; ${journalRow}`)
  return copy
}
