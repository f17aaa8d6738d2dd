import { loadModule, parse } from 'libpg-query'
import type { PlacedFence } from './documents.ts'
import type { Server } from '../core/postgres.ts'

interface Statement {
  text: string
  /** Line within the fence, from 1, on which `text` begins. */
  line: number
}

/** Statements of `sql` as PostgreSQL's own parser divides it, without what precedes their first word. */
export async function statementsOf(sql: string): Promise<Statement[]> {
  await loadModule()
  const { stmts } = await parse(sql) as { stmts?: { stmt_location?: number; stmt_len?: number }[] }
  const bytes = Buffer.from(sql)
  return (stmts ?? []).map(({ stmt_location: start = 0, stmt_len: length }) => {
    const text = bytes.subarray(start, length ? start + length : undefined).toString()
    const lead = /^(?:\s+|--[^\n]*|\/\*[\s\S]*?\*\/)*/.exec(text)![0]
    const before = bytes.subarray(0, start).toString() + lead
    return { text: text.slice(lead.length), line: before.split('\n').length }
  })
}

/**
 * What is wrong with a fence, as `references/x.md:12 reason`, after each of its statements was sent on its own to a
 * fresh database. With `error=CODE` its last statement must fail with this SQLSTATE, and no other.
 */
export async function sqlProblems(fence: PlacedFence, server: Server): Promise<string[]> {
  const at = (line: number, reason: string) => [`${fence.document.path}:${fence.line + line} ${reason}`]
  const expected = fence.attributes.error
  let statements: Statement[]
  try {
    statements = await statementsOf(fence.node.value)
  } catch (error) {
    return at(0, `does not parse: ${(error as Error).message}`)
  }
  if (statements.length === 0) return at(0, 'holds no statement')
  return server.onCopy(async (client) => {
    for (const [index, { text, line }] of statements.entries()) {
      try {
        await client.query(text)
      } catch (error) {
        const { code, message, position } = error as Error & { code?: string; position?: string }
        if (expected === code && index === statements.length - 1) return []
        const inside = text.slice(0, Number(position ?? 1) - 1).split('\n').length - 1
        const due = expected ? `, not ${expected} at the last statement` : ''
        return at(line + inside, `${code ?? 'error'} ${message}${due}`)
      }
    }
    return expected ? at(statements.at(-1)!.line, `does not fail with ${expected}`) : []
  })
}
