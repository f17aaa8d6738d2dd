import type { Rule } from './engine/rule.ts'
import { indexedInMigrations, snake } from './model/indexes.ts'
import { leadingKeys, type Column, type Table } from './model/schema.ts'

/** Foreign keys, and columns that look like one, that no index begins with. */
export const rule: Rule = {
  id: 'fk-without-index',
  summary: 'a foreign key column, declared or in all but name, that no index begins with',
  severity: 'error',
  why: 'PostgreSQL does not index foreign keys: each delete of a parent and each join scans the whole child table.',
  fix: "Add index('<table>_<column>_idx').on(t.<column>), created concurrently on a table in use.",
  operation: 'behaviour change',
  reference: 'database-design.md#table-standard',
  judge(_, project, report) {
    const inMigrations = indexedInMigrations(project.migrations)
    for (const table of project.tables) {
      if (table.dialect === 'mysql' || table.isOpaque || /_fts\d*$/.test(table.sqlName)) continue
      const leading = leadingKeys(table)
      const isIndexed = ({ key, sqlName }: Column) => leading.has(key) ||
        inMigrations.has(`${table.sqlName}.${sqlName}`) || inMigrations.has(`${table.sqlName}.${snake(key)}`)
      for (const column of table.columns) {
        if (column.isPrimary || isIndexed(column)) continue
        const name = `"${table.sqlName}.${column.key}"`
        const advice = `add index('${table.sqlName}_${snake(column.key)}_idx').on(t.${column.key})`
        if (column.isReference) {
          report(table.path, column.place, `${name} references ${column.target ? `"${column.target.sqlName}"` : 'another table'} and no index begins with it; ${advice}`)
          continue
        }
        const parent = parentOf(column, table, project.tables.filter(({ path }) => project.ownerOf(path) === project.ownerOf(table.path)))
        if (parent) {
          report(table.path, column.place, `${name} looks like a reference to "${parent.sqlName}" without references() or an index; declare it, and ${advice}`, { severity: /^(?:active|current|last|latest|previous|original|default|impersonated|selected)/.test(column.key) ? 'info' : 'warning' })
        } else if (/(?:By|_by)(?:Id|_id)$/.test(column.key) && /^(?:uuid|integer|bigint|int)$/.test(column.type) && project.tables.length > 1) {
          report(table.path, column.place, `${name} looks like a reference to a person, without references() or an index; if it is one, declare it, and ${advice}`, { severity: 'info' })
        }
      }
      for (const extra of table.extras) {
        const first = table.columns.find(({ key }) => key === extra.columns[0])
        if (extra.kind !== 'foreignKey' || extra.columns.length < 2 || !first || isIndexed(first)) continue
        report(table.path, extra.place, `the foreign key of "${table.sqlName}" on (${extra.columns.join(', ')}) has no index that begins with ${first.key}; add one`)
      }
    }
  },
}

const compatible: Record<string, string> = { serial: 'integer', bigserial: 'bigint', smallserial: 'smallint', int: 'integer', varchar: 'text', char: 'text' }

/** The table that a column such as `studentId` names, when its key has the same type. */
function parentOf(column: Column, own: Table, tables: Table[]): Table | undefined {
  const stem = /^(.+?)(?:Id|_id)$/.exec(column.key)?.[1]
  if (!stem) return undefined
  const words = snake(stem).split('_')
  const typeOf = (type: string) => compatible[type] ?? type
  return tables.find((table) => {
    if (table === own || table.sqlName === own.sqlName) return false
    const key = table.columns.find(({ isPrimary }) => isPrimary)
    if (!key || typeOf(key.type) !== typeOf(column.type)) return false
    const name = singular(snake(table.sqlName))
    return name === words.join('_') || (name === words.at(-1) && !/^(?:external|oauth|app|stripe|clerk|provider|remote|legacy|trace|request|session)$/.test(words[0]!))
  })
}

function singular(name: string): string {
  return name.replace(/ies$/, 'y').replace(/(ss|us)$/, '$1').replace(/(?<![su])s$/, '')
}
