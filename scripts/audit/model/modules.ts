import { bare, isFunction, pathOf } from '../engine/ast.ts'
import type { Source, Side } from '../engine/source.ts'
import { placeOf, type Place } from '../engine/rule.ts'
import { readTables, type GroupFact, type HelperFact, type TableFact } from './tables.ts'

export interface ImportFact {
  local: string
  from: string
  name: string
  isType: boolean
  place: Place
}

/** What the rest of the project may need to know of one file. Plain data. */
export interface ModuleFacts {
  path: string
  side: Side
  imports: ImportFact[]
  /** `export { a as b } from 'x'`; `*` for all of it. */
  reexports: { from: string; name: string; as: string; isType: boolean }[]
  /** Exported name → local name, where they differ. */
  exports: Record<string, string>
  tables: TableFact[]
  groups: GroupFact[]
  helpers: HelperFact[]
  /** Constants and functions → the path of names that they begin with, such as `protectedProcedure` or `drizzle`. */
  roots: Record<string, string>
}

/** Collect the facts of one parsed file. */
export function factsOf(source: Source): ModuleFacts {
  const reexports: ModuleFacts['reexports'] = []
  const exports: Record<string, string> = {}
  for (const node of source.all('ExportNamedDeclaration') as any[]) {
    for (const part of node.specifiers) {
      const as = part.exported.name ?? part.exported.value
      if (node.source) reexports.push({ from: node.source.value, name: part.local?.name ?? '*', as, isType: node.exportKind === 'type' })
      else exports[as] = part.local.name
    }
  }
  for (const node of source.all('ExportAllDeclaration') as any[]) {
    reexports.push({ from: node.source.value, name: '*', as: '*', isType: node.exportKind === 'type' })
  }
  for (const node of source.all('ExportDefaultDeclaration') as any[]) {
    const name = node.declaration.name ?? node.declaration.id?.name
    if (name) exports.default = name
  }
  const imports: ImportFact[] = [...source.imports].map(([local, { from, name, isType, node }]) => ({ local, from, name, isType, place: placeOf(node) }))
  for (const node of source.all('ImportDeclaration') as any[]) {
    if (node.specifiers.length === 0) imports.push({ local: '', from: node.source.value, name: '', isType: false, place: placeOf(node) })
  }
  return { path: source.path, side: source.side, imports, reexports, exports, ...readTables(source), roots: rootsOf(source) }
}

function rootsOf(source: Source): Record<string, string> {
  const roots: Record<string, string> = {}
  for (const node of source.all('VariableDeclarator') as any[]) {
    if (node.id.type !== 'Identifier' || !node.init) continue
    const root = rootOf(node.init)
    if (root) roots[node.id.name] = root
  }
  for (const node of source.all('FunctionDeclaration') as any[]) {
    const root = node.id && rootOf(node)
    if (root) roots[node.id.name] = root
  }
  return roots
}

/** The path of names at the left of an expression; of a function, of what it returns. */
function rootOf(given: any): string | undefined {
  let node: any = bare(given)
  if (isFunction(node)) {
    const body: any = node.body
    if (body.type !== 'BlockStatement') return rootOf(body)
    const last = body.body.at(-1)
    return last?.type === 'ReturnStatement' && last.argument ? rootOf(last.argument) : undefined
  }
  if (node?.type === 'LogicalExpression') node = bare(node.right)
  while (node) {
    const path = pathOf(node)
    if (path) return path
    if (/CallExpression$|^NewExpression$/.test(node.type)) node = bare(node.callee)
    else if (/MemberExpression$/.test(node.type)) node = bare(node.object)
    else return undefined
  }
  return undefined
}

