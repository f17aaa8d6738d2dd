import { bare, isCall, pathOf, within } from './engine/ast.ts'
import type { Rule } from './engine/rule.ts'
import { argsOf, isInHandler, isSubquery, optionsOf, queriesOf, type Query } from './model/handlers.ts'

/** Lists that grow with the table. */
export const rule: Rule = {
  id: 'unbounded-select',
  summary: 'a query in a handler that returns every row of a table',
  severity: 'warning',
  why: 'It is fast with the rows of today; one year later it fills the memory and the network.',
  fix: 'Bound it: limit() with a keyset cursor, and a maximum for the size of a page.',
  operation: 'behaviour change',
  reference: 'api-patterns.md#keyset-page',
  mentions: /\.from\(|findMany\(/,
  check(source, report) {
    if (source.side === 'web') return
    for (const query of queriesOf(source)) {
      if (!/^(?:select|findMany)$/.test(query.verb) || !isInHandler(source, query.node)) continue
      if (isBounded(query) || isAggregate(query) || isPart(query)) continue
      report(query.node, `this returns every row of "${query.table}"; add where() and limit(), with a cursor for the next page`)
    }
  },
}

function isBounded(query: Query): boolean {
  if (query.steps.some(({ name }) => /^(?:where|limit|get|having|groupBy|\$dynamic|innerJoin)$/.test(name))) return true
  if (query.verb !== 'findMany') return false
  const options: any = optionsOf(query)
  if (!options) return false
  return bare(options).type !== 'ObjectExpression' || options.properties.some((entry: any) => entry.type === 'SpreadElement' || /^(?:where|limit)$/.test(entry.key.name ?? ''))
}

function isAggregate(query: Query): boolean {
  const columns = argsOf(query, 'select')?.[0]
  return columns ? within(columns, (node) => (isCall(node) && /^(?:count|sum|avg|min|max|countDistinct)$/.test(pathOf(node.callee) ?? '')) || node.type === 'TaggedTemplateExpression').length > 0 : false
}

/** A subquery, a statement that is extended later, or one element that is taken out. */
function isPart(query: Query): boolean {
  const parent: any = query.node.parent
  return isSubquery(query) || (parent?.type === 'VariableDeclarator' && parent.init === query.node)
}
