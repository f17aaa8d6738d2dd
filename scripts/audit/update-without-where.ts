import { ancestors, bare, functionName, isFunction, pathOf } from './engine/ast.ts'
import { isScript } from './engine/source.ts'
import type { Rule } from './engine/rule.ts'
import { argsOf, isDb, queriesOf } from './model/handlers.ts'

/** Statements that change a whole table. */
export const rule: Rule = {
  id: 'update-without-where',
  summary: 'an update or delete of every row, or of every row when a condition is missing',
  severity: 'error',
  why: 'Drizzle drops where(undefined): a filter that was optional for reading empties the table when it deletes.',
  fix: 'Build the condition so that it always exists, and refuse when its value is missing.',
  operation: 'behaviour change',
  reference: 'database-design.md#traps',
  mentions: /\.(?:update|delete)\(/,
  check(source, report) {
    if (isScript(source.path) || source.side === 'web') return
    for (const query of queriesOf(source)) {
      if (!/^(?:update|delete)$/.test(query.verb) || !isDb(query.db)) continue
      const what = query.verb === 'update' ? 'changes' : 'deletes'
      const where = argsOf(query, 'where')
      if (!where) {
        const isDynamic = query.steps.some(({ name }) => /^(?:\$dynamic|from)$/.test(name)) || /VariableDeclarator/.test(query.node.parent?.type ?? '')
        const isMeant = [...ancestors(query.node)].some((node) => isFunction(node) && /all|clear|reset|truncate|purge|wipe/i.test(functionName(node) ?? propertyName(node) ?? ''))
        if (!isDynamic && !isMeant) report(query.node, `this ${what} every row of "${query.table}"; add where(), or say in a comment that it is meant`, { severity: 'warning' })
        continue
      }
      const node: any = where[0] && bare(where[0])
      if (!node || (node.type === 'ConditionalExpression' && [node.consequent, node.alternate].some((part: any) => pathOf(part) === 'undefined')) || pathOf(node) === 'undefined' ||
        (node.type === 'LogicalExpression' && node.operator === '&&')) {
        report(where[0] ?? query.node, `where(undefined) is dropped, so this ${what} every row of "${query.table}" when the condition is missing; refuse first`)
      }
    }
  },
}

/** `clear` of `clear: procedure.mutation(() => …)`. */
function propertyName(node: any): string | undefined {
  const property = [...ancestors(node)].find((up) => up.type === 'ObjectProperty') as any
  return property?.key.name
}
