import type { Place } from '../engine/rule.ts'
import type { Project } from './project.ts'
import type { ColumnFact, ExtraFact, TableFact } from './tables.ts'

export interface Column {
  key: string
  sqlName: string
  /** Drizzle builder at the end of every helper, such as `uuid`. */
  type: string
  isPrimary: boolean
  isUnique: boolean
  isNotNull: boolean
  /** Whether it is written as a reference; `target` is missing when that table could not be found. */
  isReference: boolean
  target: Table | undefined
  place: Place
}

/** A table with helpers, spreads and references looked up. */
export interface Table {
  path: string
  name: string
  sqlName: string
  dialect: TableFact['dialect']
  columns: Column[]
  extras: ExtraFact[]
  isOpaque: boolean
  place: Place
}

/** Resolve the tables of every file of the project. */
export function resolveSchema(project: Project): Table[] {
  const tables: Table[] = []
  const facts = new Map<Table, TableFact>()
  for (const module of project.modules.values()) {
    for (const fact of module.tables) {
      const table: Table = { path: module.path, name: fact.name, sqlName: fact.sqlName, dialect: fact.dialect, columns: [], extras: fact.extras, isOpaque: fact.isOpaque, place: fact.place }
      tables.push(table)
      facts.set(table, fact)
    }
  }
  const byKey = new Map(tables.map((table) => [`${table.path}\0${table.name}`, table]))
  const find = (path: string, name: string | undefined): Table | undefined => {
    const target = name === undefined ? undefined : project.resolve(path, name)
    return target && byKey.get(`${target.path}\0${target.name}`)
  }
  for (const table of tables) {
    const fact = facts.get(table)!
    const own = fact.columns.map((column) => ({ column, path: table.path }))
    const spread = fact.spreads.flatMap((name) => columnsOfGroup(project, table.path, name, 0))
    for (const { column, path } of [...own, ...spread]) table.columns.push(resolveColumn(project, path, column, table, find))
    for (const extra of table.extras) {
      if (extra.kind !== 'foreignKey' || extra.columns.length !== 1) continue
      const column = table.columns.find(({ key }) => key === extra.columns[0])
      if (column) Object.assign(column, { isReference: true, target: find(table.path, extra.references) })
    }
  }
  return tables
}

interface Placed {
  column: ColumnFact
  path: string
}

function columnsOfGroup(project: Project, path: string, name: string, depth: number): Placed[] {
  const target = project.resolve(path, name)
  if (!target?.path || depth > 5) return []
  const group = project.modules.get(target.path)?.groups.find((candidate) => candidate.name === target.name)
  if (!group) return []
  return [
    ...group.columns.map((column) => ({ column, path: target.path! })),
    ...group.spreads.flatMap((spread) => columnsOfGroup(project, target.path!, spread, depth + 1)),
  ]
}

function resolveColumn(project: Project, path: string, fact: ColumnFact, table: Table, find: (path: string, name: string | undefined) => Table | undefined): Column {
  const { base, methods, references } = expand(project, path, fact.base)
  const all = [...methods, ...fact.methods]
  const reference = fact.references ?? references?.name
  return {
    key: fact.key, sqlName: fact.sqlName ?? fact.key, type: base,
    isPrimary: all.includes('primaryKey'), isUnique: all.includes('unique'), isNotNull: all.includes('notNull'),
    isReference: all.includes('references'),
    target: fact.references ? find(path, fact.references) : find(references?.path ?? path, reference),
    place: path === table.path ? fact.place : table.place,
  }
}

/** What the column builder `name` comes down to when it is a helper of the project. */
function expand(project: Project, path: string, name: string): { base: string; methods: string[]; references?: { name: string; path: string } | undefined } {
  let at = { path, name }
  let methods: string[] = []
  let references: { name: string; path: string } | undefined
  for (let depth = 0; depth < 6; depth++) {
    const target = project.resolve(at.path, at.name)
    const helper = target?.path ? project.modules.get(target.path)?.helpers.find((candidate) => candidate.name === target.name) : undefined
    if (!helper) return { base: at.name, methods, references }
    methods = [...helper.methods, ...methods]
    if (helper.references) references ??= { name: helper.references, path: target!.path! }
    at = { path: target!.path!, name: helper.base }
  }
  return { base: at.name, methods, references }
}

/** Keys of the columns that lead an index, a unique constraint or the primary key: lookups by them are fast. */
export function leadingKeys(table: Table): Set<string> {
  const keys = new Set(table.columns.filter(({ isPrimary, isUnique }) => isPrimary || isUnique).map(({ key }) => key))
  for (const { kind, columns, isPartial } of table.extras) {
    if (kind !== 'foreignKey' && !isPartial && columns[0]) keys.add(columns[0])
  }
  return keys
}
