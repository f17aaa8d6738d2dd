import { posix } from 'node:path'
import type { TextFile } from './project.ts'
import type { Place } from '../engine/rule.ts'
import { pointAt } from '../../core/finding.ts'

/** One statement of a migration, parsed by PostgreSQL's own parser. */
export interface Statement {
  /** Name of the parse tree's node, such as `AlterTableStmt`. */
  kind: string
  tree: any
  place: Place
  text: string
}

export interface Migration {
  path: string
  text: string
  statements: Statement[]
  /** Whether this undoes a migration. */
  isDown: boolean
  /** What undoes it, when there is something. */
  down: string | undefined
}

export interface Migrations {
  /** In the order in which they run. */
  files: Migration[]
  problems: { path: string; place: Place; reason: string }[]
}

const migrationFolder = /(?:^|\/)(?:drizzle|migrations?)(?:\/|$)/
const downName = /(?:^|[./_-])(?:down|undo|rollback|revert)(?:[./_-]|$)/i

/** Whether the SQL file at `path` is a migration: it lies below a folder that holds migrations. */
export function isMigration(path: string, paths: Set<string>): boolean {
  const folder = posix.dirname(path)
  return migrationFolder.test(folder) || paths.has(`${folder}/meta/_journal.json`) || paths.has(`${posix.dirname(folder)}/meta/_journal.json`)
}

/** Parse migrations. PostgreSQL's parser (WebAssembly) is loaded only when there is a file. */
export async function readMigrations(files: TextFile[]): Promise<Migrations> {
  const found: Migrations = { files: [], problems: [] }
  if (files.length === 0) return found
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1))
  const downs = sorted.filter(({ path }) => downName.test(path))
  const { parse } = await import('libpg-query')
  for (const { path, text } of sorted) {
    const isDown = downName.test(path)
    const migration: Migration = { path, text, statements: [], isDown, down: isDown ? undefined : downOf(path, downs) }
    found.files.push(migration)
    try {
      const { stmts = [] } = await parse(text)
      migration.statements = stmts.map((item: any) => statementOf(text, item))
    } catch (error: any) {
      if (text.includes('`')) continue
      const offset = charOffset(text, error.sqlDetails?.cursorPosition ?? 0)
      found.problems.push({ path, place: placeAt(text, offset, offset), reason: String(error.message).split('\n')[0]! })
    }
  }
  return found
}

function downOf(path: string, downs: TextFile[]): string | undefined {
  const stem = posix.basename(path).replace(/(?:[._-]up)?\.sql$/, '')
  const folder = posix.dirname(path)
  return downs.find((down) => {
    const name = posix.basename(down.path).replace(/[._-]?(?:down|undo|rollback|revert)?\.sql$/, '')
    if (name === stem) return true
    return name === '' && posix.dirname(down.path) === folder
  })?.path
}

function statementOf(text: string, item: any): Statement {
  const bytes = Buffer.byteLength(text) !== text.length
  const from = bytes ? charOffset(text, item.stmt_location ?? 0) : item.stmt_location ?? 0
  const to = item.stmt_len ? (bytes ? charOffset(text, (item.stmt_location ?? 0) + item.stmt_len) : from + item.stmt_len) : text.length
  const start = from + leadOf(text.slice(from, to))
  const [kind, tree] = Object.entries(item.stmt)[0] as [string, any]
  return { kind, tree, text: text.slice(start, to), place: placeAt(text, start, start + text.slice(start, to).trimEnd().length) }
}

/** Characters of white space and comments in front of a statement. */
function leadOf(text: string): number {
  return /^(?:\s+|--[^\n]*(?:\n|$)|\/\*[^]*?\*\/)*/.exec(text)![0].length
}

/** The parser counts bytes. */
function charOffset(text: string, bytes: number): number {
  return Buffer.from(text).subarray(0, bytes).toString().length
}

export function placeAt(text: string, start: number, end: number): Place {
  const [from, to] = [pointAt(text, start), pointAt(text, end)]
  return { line: from.line, column: from.column, endLine: to.line, endColumn: to.column }
}
