import { readdir, readFile } from 'node:fs/promises'
import { migrate } from 'drizzle-orm/node-postgres/migrator'
import { db, pool } from './db.ts'

/**
 * Build the indexes of `drizzle/concurrent/` while writers go on. The migrator would build them in its
 * transaction, with writers waiting; afterwards it finds them there.
 */
async function buildIndexes() {
  const { rows: [live] } = await pool.query(`select to_regclass('public.contacts') as contacts`)
  if (!live.contacts) return
  const { rows: failed } = await pool.query(
    'select indexrelid::regclass::text as name from pg_index where not indisvalid',
  )
  for (const { name } of failed) await pool.query(`drop index concurrently ${name}`)
  for (const file of (await readdir('drizzle/concurrent')).sort()) {
    const text = await readFile(`drizzle/concurrent/${file}`, 'utf8')
    for (const statement of text.split(/;\n/).filter((part) => part.trim())) await pool.query(statement)
  }
}

await buildIndexes()
await migrate(db, { migrationsFolder: 'drizzle' })
await pool.end()
