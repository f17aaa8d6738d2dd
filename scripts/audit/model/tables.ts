import { bare, chainOf, endsChain, isCall, isFunction, pathOf, propertyOf, stringOf, type Node } from '../engine/ast.ts'
import { placeOf, type Place } from '../engine/rule.ts'
import type { Source } from '../engine/source.ts'

/** One column as written; helpers and spreads are not yet looked up. */
export interface ColumnFact {
  key: string
  /** Name in SQL when it is given. */
  sqlName?: string | undefined
  /** Builder or helper that the chain begins with, such as `uuid` or `tenantId`. */
  base: string
  methods: string[]
  /** Table that `.references(() => table.column)` names. */
  references?: string | undefined
  place: Place
}

export interface ExtraFact {
  kind: 'index' | 'unique' | 'primaryKey' | 'foreignKey'
  /** Keys of the columns in order; an empty text is an expression. */
  columns: string[]
  isPartial: boolean
  references?: string | undefined
  place: Place
}

export interface TableFact {
  name: string
  sqlName: string
  dialect: 'pg' | 'mysql' | 'sqlite'
  columns: ColumnFact[]
  spreads: string[]
  extras: ExtraFact[]
  /** Whether the extra configuration has a form that is not understood, so that indexes may be missed. */
  isOpaque: boolean
  place: Place
}

/** An object of columns that tables spread. */
export interface GroupFact {
  name: string
  columns: ColumnFact[]
  spreads: string[]
}

/** A function that returns a column. */
export interface HelperFact {
  name: string
  base: string
  methods: string[]
  references?: string | undefined
}

const tableCall = /^(?!use[A-Z])[a-z]\w*Table$/

/** Tables, shared column groups and column helpers that a file declares with Drizzle. */
export function readTables(source: Source): { tables: TableFact[]; groups: GroupFact[]; helpers: HelperFact[] } {
  const found = { tables: [] as TableFact[], groups: [] as GroupFact[], helpers: [] as HelperFact[] }
  if (!/drizzle-orm/.test(source.text) && !/Table\(/.test(source.text)) return found
  const dialect = /drizzle-orm\/mysql-core/.test(source.text) ? 'mysql' : /drizzle-orm\/sqlite-core/.test(source.text) ? 'sqlite' : 'pg'
  for (const node of source.all('VariableDeclarator') as any[]) {
    if (node.id.type !== 'Identifier' || !node.init) continue
    const name: string = node.id.name
    const table = tableIn(node.init, name, dialect)
    if (table) found.tables.push(table)
    else if (source.uses(/^drizzle-orm/)) addShared(name, bare(node.init), found)
  }
  if (source.uses(/^drizzle-orm/)) {
    for (const node of source.all('FunctionDeclaration') as any[]) if (node.id) addShared(node.id.name, node, found)
  }
  return found
}

function tableIn(init: any, name: string, dialect: TableFact['dialect']): TableFact | undefined {
  const { steps } = chainOf(init)
  const call = steps.find(({ name: step, args }) => args && (tableCall.test(step) || step === 'table') && args.length >= 2 && stringOf(args[0]) !== undefined)
  if (!call) return undefined
  const [label, columns, extra] = call.args as [any, any, any]
  const object = objectIn(columns)
  if (!object) return undefined
  return {
    name, sqlName: stringOf(label)!, dialect, ...columnsIn(object), ...extrasIn(extra), place: placeOf(label),
  }
}

/** The object literal that an expression is, or that a function returns. */
function objectIn(given: any): any {
  const node: any = bare(given)
  if (node?.type === 'ObjectExpression') return node
  return isFunction(node) ? objectIn(returned(node)) : undefined
}

function returned(fn: any): any {
  if (fn.body.type !== 'BlockStatement') return bare(fn.body)
  return bare(fn.body.body.find((line: any) => line.type === 'ReturnStatement')?.argument)
}

function columnsIn(object: any): { columns: ColumnFact[]; spreads: string[] } {
  const columns: ColumnFact[] = []
  const spreads: string[] = []
  for (const entry of object.properties) {
    if (entry.type === 'SpreadElement') {
      const path = pathOf(isCall(bare(entry.argument)) ? (bare(entry.argument) as any).callee : entry.argument)
      if (path) spreads.push(path)
      continue
    }
    const column = columnIn(entry.value, entry.key.name ?? entry.key.value, entry)
    if (column) columns.push(column)
  }
  return { columns, spreads }
}

function columnIn(value: any, key: string, entry: Node): ColumnFact | undefined {
  const { steps } = chainOf(value)
  const first = steps[0]
  if (!first) return undefined
  const rest = steps.slice(1)
  return {
    key, base: first.name, sqlName: first.args && stringOf(first.args[0]), methods: rest.map(({ name }) => name),
    references: referenceIn(rest), place: placeOf(entry),
  }
}

function referenceIn(steps: { name: string; args: Node[] | undefined }[]): string | undefined {
  const target: any = steps.find(({ name }) => name === 'references')?.args?.[0]
  if (!isFunction(target)) return undefined
  return pathOf(returned(target))?.split('.')[0]
}

function extrasIn(given: any): { extras: ExtraFact[]; isOpaque: boolean } {
  if (!given) return { extras: [], isOpaque: false }
  const node: any = bare(given)
  const value: any = isFunction(node) ? returned(node) : undefined
  const items: any[] | undefined = value?.type === 'ArrayExpression' ? value.elements
    : value?.type === 'ObjectExpression' ? value.properties.map((entry: any) => entry.value ?? entry) : undefined
  if (!items) return { extras: [], isOpaque: true }
  const known = items.map((item) => extraIn(bare(item)))
  return {
    extras: known.filter((extra) => typeof extra === 'object'),
    isOpaque: known.includes('unknown'),
  }
}

function extraIn(node: any): ExtraFact | 'other' | 'unknown' {
  if (!isCall(node)) return 'unknown'
  const { steps } = chainOf(node)
  const [first] = steps
  const place = placeOf(node)
  const isPartial = steps.some(({ name }) => name === 'where')
  const on = steps.find(({ name }) => /^(?:on|onOnly|using)$/.test(name))?.args
  switch (first?.name) {
    case 'index': return on ? { kind: 'index', columns: columnKeys(on), isPartial, place } : 'unknown'
    case 'uniqueIndex': case 'unique': return on ? { kind: 'unique', columns: columnKeys(on), isPartial, place } : 'unknown'
    case 'primaryKey': {
      const listed: any = propertyOf(first.args?.[0], 'columns')
      return { kind: 'primaryKey', columns: columnKeys(listed?.elements ?? first.args ?? []), isPartial: false, place }
    }
    case 'foreignKey': {
      const columns: any = propertyOf(first.args?.[0], 'columns')
      const foreign: any = propertyOf(first.args?.[0], 'foreignColumns')
      return {
        kind: 'foreignKey', columns: columnKeys(columns?.elements ?? []), isPartial: false,
        references: pathOf(foreign?.elements?.[0])?.split('.')[0], place,
      }
    }
    case 'check': case 'pgPolicy': case 'crudPolicy': return 'other'
    default: return 'unknown'
  }
}

function columnKeys(args: Node[]): string[] {
  return args.filter((arg) => stringOf(arg) === undefined).map((arg) => {
    const { rootPath } = isCall(bare(arg)) ? chainOf(arg) : { rootPath: pathOf(arg) }
    return rootPath?.includes('.') ? rootPath.split('.')[1]! : isCall(bare(arg)) ? memberKey(arg) : ''
  })
}

/** `t.createdAt.desc()` → `createdAt`. */
function memberKey(arg: any): string {
  const step = chainOf(arg).steps.find(({ args }) => args === undefined)
  return step?.name ?? ''
}

function addShared(name: string, node: any, found: { groups: GroupFact[]; helpers: HelperFact[] }): void {
  const object = objectIn(node)
  if (object) {
    const { columns, spreads } = columnsIn(object)
    if (columns.length > 0) found.groups.push({ name, columns, spreads })
    return
  }
  if (!isFunction(node)) return
  const value: any = returned(node)
  if (!isCall(value) || !endsChain(value)) return
  const { steps } = chainOf(value)
  if (!steps[0]) return
  found.helpers.push({ name, base: steps[0].name, methods: steps.slice(1).map((step) => step.name), references: referenceIn(steps) })
}
