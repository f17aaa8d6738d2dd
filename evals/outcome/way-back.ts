import assert from 'node:assert/strict'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { lastLines } from './process.ts'
import type { Rig } from './rig.ts'

const backwards = /(^|[/_.-])(down|rollback|revert|undo)/i

/** Run the result's `db:migrate` on the criterion's database; throws when it fails. */
export async function migrate({ run }: Pick<Rig, 'run'>): Promise<void> {
  const { code, output } = await run(['bun', 'run', 'db:migrate'])
  assert.equal(code, 0, `db:migrate ends with ${code}: ${lastLines(output)}`)
}

/** The same, and throw where it changes nothing: then there is no migration to judge. */
export async function migrateForward(rig: Pick<Rig, 'run' | 'sql'>): Promise<void> {
  const before = await shapeOf(rig)
  await migrate(rig)
  assert.notDeepEqual(await shapeOf(rig), before, 'db:migrate changes nothing')
}

/** Columns, indexes and constraints of the schema `public`, one a line, in an order of their own. */
export async function shapeOf({ sql }: Pick<Rig, 'sql'>): Promise<string[]> {
  const rows = await sql<{ line: string }>(`
    select format('%s.%s %s%s%s', table_name, column_name, data_type,
      case is_nullable when 'NO' then ' not null' end, ' default ' || column_default) as line
    from information_schema.columns where table_schema = 'public'
    union all
    select indexdef from pg_indexes where schemaname = 'public'
    union all
    select format('%s %s %s', conrelid::regclass, conname, pg_get_constraintdef(oid)) from pg_constraint
    where connamespace = 'public'::regnamespace and contype <> 'n'
    order by 1`)
  return rows.map(({ line }) => line)
}

/**
 * Migrate production's database, go back, migrate again: the way back restores the schema, and the
 * change can be applied once more. `between` runs after the first step forward, `afterBack` after the way back.
 */
export async function assertWayBack(
  rig: Rig, between?: () => Promise<void>, afterBack?: () => Promise<void>,
): Promise<void> {
  const before = await shapeOf(rig)
  await migrateForward(rig)
  const after = await shapeOf(rig)
  await between?.()
  await goBack(rig)
  const left = difference(await shapeOf(rig), before)
  assert.equal(left, '', `the way back does not restore the schema: ${left}`)
  await afterBack?.()
  await migrate(rig)
  const missing = difference(await shapeOf(rig), after)
  assert.equal(missing, '', `after the way back, db:migrate does not apply the change again: ${missing}`)
}

/** Lines that only one of the two has, with a sign. */
function difference(now: string[], expected: string[]): string {
  const lines = [
    ...now.filter((line) => !expected.includes(line)).map((line) => `+ ${line}`),
    ...expected.filter((line) => !now.includes(line)).map((line) => `- ${line}`),
  ]
  return lines.join('; ')
}

/**
 * Run whatever leads back: SQL files, else a package script, else a program, else SQL in a Markdown
 * file, whose name says down, rollback, revert or undo. Newest file first.
 */
async function goBack(rig: Rig): Promise<void> {
  const files = readdirSync(rig.folder, { recursive: true, encoding: 'utf8' })
    .filter((path) => !path.includes('node_modules') && backwards.test(path))
    .sort().reverse()
  const ending = (pattern: RegExp) => files.filter((path) => pattern.test(path))
  const text = (path: string) => readFileSync(join(rig.folder, path), 'utf8')
  const { scripts = {} } = JSON.parse(text('package.json')) as { scripts?: Record<string, string> }
  const script = Object.keys(scripts).find((name) => /down|rollback|revert|undo/i.test(name))
  const [program] = ending(/\.[mc]?[jt]s$/)
  const prose = ending(/\.md$/).flatMap((path) => [...text(path).matchAll(/```sql\n(.*?)```/gs)].map(([, code]) => code!))
  const sql = ending(/\.sql$/).map(text)
  if (sql.length > 0) for (const one of sql) await execute(rig, one)
  else if (script || program) {
    const { code, output } = await rig.run(['bun', 'run', script ?? program!])
    assert.equal(code, 0, `the way back ends with ${code}: ${lastLines(output)}`)
  } else {
    assert.ok(prose.length > 0, 'the migration has no way back: no file or script is called down, rollback, revert or undo')
    for (const one of prose) await execute(rig, one)
  }
}

/** As psql does it: the file at once; statement by statement where one refuses a transaction. */
async function execute(rig: Rig, text: string): Promise<void> {
  const session = await rig.connect()
  try {
    await session.query(text)
  } catch (error) {
    if ((error as { code?: string }).code !== '25001') throw new Error(`the way back fails: ${(error as Error).message}`)
    const statements = text.split(/;\s*(?:--> statement-breakpoint)?\s*\n/).filter((part) => part.trim())
    for (const statement of statements) await session.query(statement)
  }
}
