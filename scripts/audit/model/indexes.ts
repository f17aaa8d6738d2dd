import type { Migrations } from './migrations.ts'

/** Columns that lead an index or key that a migration creates, as `table.column` in SQL names. */
export function indexedInMigrations({ files }: Migrations): Set<string> {
  const byName = new Map<string, string>()
  let anonymous = 0
  const add = (name: string | undefined, table: string, column: string | undefined) => {
    if (column) byName.set(name || `#${anonymous++}`, `${table}.${column}`)
  }
  for (const { statements, isDown } of files) {
    if (isDown) continue
    for (const { kind, tree } of statements) {
      if (kind === 'IndexStmt' && !tree.whereClause) add(tree.idxname, tree.relation?.relname, tree.indexParams?.[0]?.IndexElem?.name)
      if (kind === 'CreateStmt') for (const item of tree.tableElts ?? []) addConstraint(item.Constraint, tree.relation?.relname, add)
      if (kind === 'AlterTableStmt') for (const { AlterTableCmd: command } of tree.cmds ?? []) addConstraint(command?.def?.Constraint, tree.relation?.relname, add)
      if (kind === 'DropStmt') for (const { List: list } of tree.objects ?? []) byName.delete(list?.items?.at(-1)?.String?.sval)
    }
  }
  return new Set(byName.values())
}

function addConstraint(constraint: any, table: string, add: (name: string | undefined, table: string, column: string | undefined) => void): void {
  if (constraint?.contype === 'CONSTR_PRIMARY' || constraint?.contype === 'CONSTR_UNIQUE') add(constraint.conname, table, constraint.keys?.[0]?.String?.sval)
}

/** `mentoradoId` → `mentorado_id`. */
export function snake(key: string): string {
  return key.replace(/([a-z0-9])([A-Z])/g, '$1_$2').toLowerCase()
}
