import { posix } from 'node:path'
import type { Rule } from './engine/rule.ts'
import type { Migration, Statement } from './model/migrations.ts'

const newestPerFolder = 5

interface Lock {
  /** Rule of squawk that names the same danger. */
  squawk: string
  reason: string
}

/** Statements that stop a busy table. */
export const rule: Rule = {
  id: 'locking-migration',
  summary: 'one of the 5 newest migrations locks or rewrites a table in use, or breaks running code',
  severity: 'warning',
  why: 'While it waits for its lock, and while it holds it, every query on that table queues up behind it.',
  fix: 'Use the form that does not block, set lock_timeout, and split expand, backfill and contract over deploys.',
  operation: 'behaviour change',
  reference: 'database-design.md#locks-per-change',
  judge(_, { migrations }, report) {
    for (const file of newest(migrations.files)) {
      const fresh = new Set<string>()
      for (const statement of file.statements) {
        if (statement.kind === 'CreateStmt') fresh.add(statement.tree.relation?.relname)
        for (const { squawk, reason } of locksOf(statement, fresh, file)) if (!isAccepted(file, statement, squawk)) report(file.path, statement.place, `${reason} (squawk: ${squawk})`)
      }
    }
  },
}

/** Whether the lines of comment above a statement accept the danger in squawk's own words. */
function isAccepted({ text }: Migration, { place }: Statement, squawk: string): boolean {
  const lines = text.split('\n').slice(0, place.line - 1).reverse()
  const end = lines.findIndex((line) => !/^\s*--(?!>)/.test(line))
  const comments = end === -1 ? lines : lines.slice(0, end)
  return comments.some((line) => /squawk-ignore\b/.test(line) && line.includes(squawk))
}

/** The last files of each folder: older ones have run long ago and must not be edited. */
function newest(files: Migration[]): Migration[] {
  const byFolder = new Map<string, Migration[]>()
  for (const file of files) {
    if (file.isDown) continue
    const folder = posix.basename(file.path) === 'migration.sql' ? posix.dirname(posix.dirname(file.path)) : posix.dirname(file.path)
    byFolder.set(folder, [...(byFolder.get(folder) ?? []), file])
  }
  return [...byFolder.values()].flatMap((list) => list.slice(-newestPerFolder))
}

function locksOf({ kind, tree }: Statement, fresh: Set<string>, file: Migration): Lock[] {
  const table: string = tree.relation?.relname ?? ''
  switch (kind) {
    case 'IndexStmt':
      return fresh.has(table) || tree.concurrent || tree.if_not_exists ? [] : [{ squawk: 'require-concurrent-index-creation', reason: `creating an index blocks writes to "${table}"; create it concurrently, in a file of its own outside of a transaction` }]
    case 'DropStmt':
      if (tree.removeType === 'OBJECT_INDEX' && !tree.concurrent && !createsIndex(file)) return [{ squawk: 'require-concurrent-index-deletion', reason: 'dropping an index blocks its table; drop it concurrently' }]
      if (tree.removeType === 'OBJECT_TABLE') return [{ squawk: 'ban-drop-table', reason: `dropping ${namesOf(tree)} breaks what still reads it and cannot be undone; contract in a later deploy, after a backup` }]
      return []
    case 'RenameStmt':
      if (tree.renameType === 'OBJECT_COLUMN') return [{ squawk: 'renaming-column', reason: `renaming the column "${tree.subname}" breaks the running code; add, copy, switch, drop` }]
      return tree.renameType === 'OBJECT_TABLE' ? [{ squawk: 'renaming-table', reason: `renaming the table "${table}" breaks the running code; leave a view under the old name` }] : []
    case 'AlterTableStmt':
      return fresh.has(table) ? [] : (tree.cmds ?? []).flatMap(({ AlterTableCmd: command }: any) => alterLocks(command, table))
    case 'TruncateStmt': return [{ squawk: 'ban-truncate-cascade', reason: 'truncate deletes every row under the strongest lock; delete in batches' }].filter(() => tree.behavior === 'DROP_CASCADE')
    case 'VacuumStmt': return tree.options?.some(({ DefElem: option }: any) => option?.defname === 'full') ? [{ squawk: 'ban-vacuum-full', reason: 'vacuum full rewrites the table under the strongest lock; use plain vacuum or pg_repack' }] : []
    default: return []
  }
}

function alterLocks(command: any, table: string): Lock[] {
  const definition = command.def?.ColumnDef
  const constraints: any[] = (definition?.constraints ?? []).map(({ Constraint: item }: any) => item)
  const has = (type: string) => constraints.find((item) => item?.contype === type)
  switch (command.subtype) {
    case 'AT_AddColumn': {
      const name = definition?.colname
      const byDefault = has('CONSTR_DEFAULT')
      const found: Lock[] = []
      if (byDefault && isVolatile(byDefault.raw_expr)) found.push({ squawk: 'adding-field-with-default', reason: `a volatile default for "${name}" rewrites "${table}"; add the column, then set the default, then backfill` })
      if (has('CONSTR_NOTNULL') && !byDefault && !has('CONSTR_IDENTITY') && !has('CONSTR_GENERATED') && !isSerial(definition)) found.push({ squawk: 'adding-required-field', reason: `"${name}" not null without a default fails on rows that exist; add it nullable, backfill, then constrain` })
      if (has('CONSTR_GENERATED')) found.push({ squawk: 'adding-field-with-default', reason: `a stored generated column rewrites "${table}"; add a plain column and fill it` })
      if (isSerial(definition) || has('CONSTR_IDENTITY')) found.push({ squawk: 'adding-serial-primary-key-field', reason: `a serial or identity column rewrites "${table}"; add a plain column and backfill` })
      return found
    }
    case 'AT_AlterColumnType': return [{ squawk: 'changing-column-type', reason: `changing the type of "${command.name}" may rewrite "${table}" under the strongest lock; add a column, copy, switch` }]
    case 'AT_SetNotNull': return [{ squawk: 'adding-not-nullable-field', reason: `set not null scans "${table}" under the strongest lock; add check (${command.name} is not null) not valid, validate it, then set it` }]
    case 'AT_DropColumn': return [{ squawk: 'ban-drop-column', reason: `dropping "${command.name}" breaks the code that still selects it; contract in a later deploy` }]
    case 'AT_AddConstraint': {
      const { contype, skip_validation: isLater, indexname } = command.def?.Constraint ?? {}
      if (contype === 'CONSTR_FOREIGN' && !isLater) return [{ squawk: 'adding-foreign-key-constraint', reason: `this foreign key locks and scans "${table}" and its parent; add it not valid, validate it in a later statement` }]
      if (contype === 'CONSTR_CHECK' && !isLater) return [{ squawk: 'constraint-missing-not-valid', reason: `this check scans "${table}" under the strongest lock; add it not valid, validate it afterwards` }]
      if (contype === 'CONSTR_UNIQUE' && !indexname) return [{ squawk: 'disallowed-unique-constraint', reason: `this unique constraint builds its index while "${table}" is locked; create the unique index concurrently, then add it using index` }]
      return contype === 'CONSTR_PRIMARY' && !indexname ? [{ squawk: 'adding-primary-key-constraint', reason: `this primary key builds its index while "${table}" is locked; create the unique index concurrently, then add it using index` }] : []
    }
    default: return []
  }
}

function isVolatile(expression: any): boolean {
  const text = JSON.stringify(expression ?? {})
  return /"sval":"(?:gen_random_uuid|uuid_generate_v\d\w*|random|clock_timestamp|nextval|uuidv7|timeofday)"/.test(text)
}

function isSerial(definition: any): boolean {
  return /serial/.test(JSON.stringify(definition?.typeName?.names ?? ''))
}

function createsIndex({ statements }: Migration): boolean {
  return statements.some(({ kind, tree }) => kind === 'IndexStmt' && tree.concurrent)
}

function namesOf(tree: any): string {
  return (tree.objects ?? []).map(({ List: list }: any) => `"${list?.items?.at(-1)?.String?.sval}"`).join(', ')
}
