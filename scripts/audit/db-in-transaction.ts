import { bare, isFunction, isWithin, pathOf } from './engine/ast.ts'
import type { Rule } from './engine/rule.ts'
import { isDb, queriesOf } from './model/handlers.ts'

/** Statements inside a transaction that do not belong to it. */
export const rule: Rule = {
  id: 'db-in-transaction',
  summary: 'a query on db instead of tx inside db.transaction()',
  severity: 'error',
  why: 'It runs on another connection: it stays when the transaction rolls back, and waits for ever when the pool is used up.',
  fix: 'Use the handle that the callback receives for every statement inside it.',
  operation: 'behaviour change',
  reference: 'database-design.md#traps',
  mentions: /\.transaction\(/,
  check(source, report) {
    for (const call of source.calls) {
      const path = pathOf(call.callee)
      const fn: any = path?.endsWith('.transaction') && call.arguments[0] ? bare(call.arguments[0]) : undefined
      const outer = path?.slice(0, -'.transaction'.length)
      if (!isFunction(fn) || !outer || !isDb(outer)) continue
      const own = (fn as any).params[0]
      if (own?.type !== 'Identifier' || own.name === outer) continue
      for (const query of queriesOf(source)) {
        if (query.db === outer && isWithin(query.node, fn)) report(query.node, `this runs on "${outer}", outside of the transaction around it; use "${own.name}"`)
      }
    }
  },
}
