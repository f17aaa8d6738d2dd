import type { Table } from 'mdast'
import { toString } from 'mdast-util-to-string'
import { visit } from 'unist-util-visit'
import type { Document } from '../core/bundle.ts'
import type { Effect } from './effects.ts'
import { lockModes, manualName, type LockMode } from './locks.ts'

/** A claim such as `SRE **both**, scan`. */
export interface LockClaim {
  mode?: LockMode
  does?: Effect['does']
  /** Whether it holds for the referenced table, besides or instead of the one that changes. */
  on: 'child' | 'both' | 'parent'
}

export interface LockRow {
  change: string
  claims: LockClaim[]
  /** Safe forms that state a lock, such as `` `validate` (SUE, scan) ``, by their name. */
  safe: Record<string, LockClaim>
}

/** Rows of the table whose first columns are Change, Lock and Safe form. Throws when a claim cannot be read. */
export function lockRows(document: Document): LockRow[] {
  const names = abbreviations(document.text)
  const tables: Table[] = []
  visit(document.tree, 'table', (table) => {
    if (cellsOf(table.children[0]!).slice(0, 3).join() === 'Change,Lock,Safe form') tables.push(table)
  })
  if (tables.length !== 1) throw new Error(`${document.path} has ${tables.length} lock tables, not one`)
  return tables[0]!.children.slice(1).map((row) => {
    const [change, lock, form] = cellsOf(row) as [string, string, string]
    const at = `${document.path}:${row.position!.start.line}`
    const safe = [...form.matchAll(/([\w →…]+?) \(((?:AE|SRE|S|SUE)\b[^)]*)\)/g)]
      .map(([, name, claim]) => [name!.trim(), claimOf(claim!.split(';')[0]!, names, at)] as const)
    return { change, claims: lock.split(' / ').map((claim) => claimOf(claim, names, at)), safe: Object.fromEntries(safe) }
  })
}

/** Abbreviation → lock, and what it blocks, from `AE = ACCESS EXCLUSIVE (blocks reads)`. */
export function abbreviations(text: string): Map<string, LockMode> {
  const byManualName = new Map(lockModes.map((mode) => [manualName(mode), mode]))
  return new Map([...text.matchAll(/\b([A-Z]{1,3}) = ([A-Z ]+[A-Z])/g)].flatMap(([, short, long]) => {
    const mode = byManualName.get(long!)
    return mode ? [[short!, mode] as const] : []
  }))
}

function claimOf(text: string, names: Map<string, LockMode>, at: string): LockClaim {
  if (text === '–') return { on: 'child' }
  const [, short, on = 'child', does] = /^(\w+)(?: (both|parent))?(?:, (instant|scan|rewrite))?$/.exec(text) ?? []
  const mode = names.get(short ?? '')
  if (!mode) throw new Error(`${at} "${text}" is no lock; write one of ${[...names.keys()].join(', ')}, then instant, scan or rewrite`)
  return { mode, on: on as LockClaim['on'], ...(does && { does: does as Effect['does'] }) }
}

function cellsOf(row: Table['children'][number]): string[] {
  return row.children.map((cell) => toString(cell).trim())
}
