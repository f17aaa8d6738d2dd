import type { Rule } from './engine/rule.ts'
import type { Table } from './model/schema.ts'

/** Tables that only extend another row by row. */
export const rule: Rule = {
  id: 'one-to-one-table',
  summary: 'a table that extends another one to one: its foreign key is unique and nothing references it',
  severity: 'warning',
  why: 'A satellite table costs a join, a second write and a second place for authorization, for columns that could be nullable.',
  fix: 'Add the columns to the parent in an expanding migration, or state in a comment why it has an owner or life of its own.',
  operation: 'proposal',
  reference: 'code-principles.md#11-data',
  judge(_, project, report) {
    const referenced = new Set(project.tables.flatMap((table) => table.columns.flatMap(({ target }) => (target && target !== table ? [target] : []))))
    for (const table of project.tables) {
      if (referenced.has(table)) continue
      const link = table.columns.find((column) => column.target && column.target !== table && (column.isUnique || isAlone(table, column.key, column.isPrimary)))
      const others = table.columns.filter(({ isReference }) => isReference).length
      if (!link || others > 1 || (link.isPrimary && link.key === 'id')) continue
      report(table.path, table.place, `"${table.sqlName}" extends "${link.target!.sqlName}" one to one (${link.key} is unique, nothing references this table); add its columns there`)
    }
  },
}

/** Whether the column alone is the primary key or under a unique constraint. */
function isAlone(table: Table, key: string, isPrimary: boolean): boolean {
  if (isPrimary) return table.columns.filter((column) => column.isPrimary).length === 1
  return table.extras.some(({ kind, columns, isPartial }) => (kind === 'unique' || kind === 'primaryKey') && !isPartial && columns.length === 1 && columns[0] === key)
}
