import { ancestors, bare, isCall, isFunction, pathOf, within, type Node } from './engine/ast.ts'
import { isScript } from './engine/source.ts'
import type { Rule } from './engine/rule.ts'
import { isSubquery, queriesOf, type Query } from './model/handlers.ts'

/** One query per row of another. */
export const rule: Rule = {
  id: 'n-plus-one',
  summary: 'a query inside a loop over rows',
  severity: 'warning',
  why: 'A hundred rows are a hundred and one round trips; on neon-http each is an HTTP request.',
  fix: 'Join, or load all at once with inArray() and group in memory.',
  operation: 'behaviour change',
  reference: 'code-principles.md#anti-patterns',
  mentions: /\bfor\b|\.(?:map|forEach|flatMap|reduce)\(/,
  check(source, report) {
    if (isScript(source.path) || source.side === 'web' || /(?:^|\/)(?:migrations?|seeds?|backfill|drizzle)\//.test(source.path)) return
    const told = new Set<Node>()
    for (const query of queriesOf(source)) {
      if (!/^(?:select|findFirst|findMany)$/.test(query.verb) || isSubquery(query)) continue
      const loop = loopAround(query)
      if (!loop || told.has(loop.node)) continue
      if (within(query.node, (node) => node.type === 'Identifier' && loop.names.includes(node.name)).length === 0) continue
      told.add(loop.node)
      report(query.node, `this query runs once per item of the loop; load "${query.table}" for all of them with inArray() or a join`)
    }
  },
}

/** The loop that runs the query once per item, with the names that hold the item. */
function loopAround(query: Query): { node: Node; names: string[] } | undefined {
  let inner: Node = query.node
  for (const node of ancestors(query.node) as Iterable<any>) {
    if (node.type === 'ForOfStatement' && inner === node.body) {
      if (isBatch(node.right) || endsEarly(node.body)) return undefined
      return { node, names: namesIn(node.left.declarations?.[0]?.id ?? node.left) }
    }
    if (/^(?:ForStatement|WhileStatement|DoWhileStatement)$/.test(node.type)) return undefined
    if (isFunction(node)) {
      const call: any = node.parent
      if (!isCall(call) || call.arguments[0] !== node) return undefined
      const callee: any = bare(call.callee)
      if (!/^(?:map|forEach|flatMap)$/.test(callee.property?.name ?? '') || isBatch(callee.object)) {
        if (/^(?:transaction|then)$/.test(callee.property?.name ?? '')) { inner = node; continue }
        return undefined
      }
      return { node, names: namesIn((node as any).params[0]) }
    }
    inner = node
  }
  return undefined
}

/** A loop over pages, chunks or a fixed handful of items is no N+1. */
function isBatch(given: any): boolean {
  const node: any = bare(given)
  if (node.type === 'ArrayExpression' || node.type === 'StringLiteral') return true
  const path = pathOf(isCall(node) ? node.callee : node) ?? ''
  return /chunk|batch|page|slice|range|Object\.|Array\.from|pipeline|shard|region|tenants$/i.test(path) || /(?:^|\.)[A-Z][A-Z_]{3,}$/.test(path)
}

function endsEarly(body: any): boolean {
  return within(body, (node) => node.type === 'BreakStatement' || node.type === 'ReturnStatement', (node) => isFunction(node)).length > 0
}

function namesIn(pattern: any): string[] {
  return pattern ? within(pattern, (node) => node.type === 'Identifier').map((node: any) => node.name) : []
}
