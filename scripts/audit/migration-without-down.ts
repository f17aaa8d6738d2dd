import { posix } from 'node:path'
import type { Rule } from './engine/rule.ts'
import type { Migration } from './model/migrations.ts'

/** Migrations that nothing undoes. */
export const rule: Rule = {
  id: 'migration-without-down',
  summary: 'a migration without a file that undoes it',
  severity: 'warning',
  why: 'drizzle-kit writes no way back; without one a bad deploy is repaired by hand, at night.',
  fix: 'Write down/<same name>.sql beside the migration and test up, down, up.',
  operation: 'proposal',
  reference: 'database-design.md#migrations',
  judge(_, { migrations }, report) {
    const folders = new Map<string, Migration[]>()
    for (const file of migrations.files) {
      if (!file.isDown) folders.set(folderOf(file.path), [...(folders.get(folderOf(file.path)) ?? []), file])
    }
    for (const files of folders.values()) {
      const missing = files.filter(({ down, statements }) => !down && statements.length > 0)
      const newest = missing.at(-1)
      if (!newest) continue
      if (missing.length === files.length && files.length > 1) {
        report(newest.path, undefined, `none of the ${files.length} migrations here has a way back; write ${expected(newest.path)} and test up, down, up, from this newest one on`)
      } else {
        for (const { path } of missing) report(path, undefined, `this migration has no way back; write ${expected(path)} and test up, down, up`)
      }
    }
  },
}

/** The folder that holds the migrations: drizzle-orm 1.0 gives each its own folder. */
function folderOf(path: string): string {
  const folder = posix.dirname(path)
  return posix.basename(path) === 'migration.sql' ? posix.dirname(folder) : folder
}

function expected(path: string): string {
  return posix.basename(path) === 'migration.sql' ? `${posix.basename(posix.dirname(path))}/down.sql` : `down/${posix.basename(path)}`
}
