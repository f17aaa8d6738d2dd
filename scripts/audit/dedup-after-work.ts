import { ancestors, isCall, isWithin, pathOf, within } from './engine/ast.ts'
import type { Rule } from './engine/rule.ts'
import { queriesOf, reachable, webhookHandlers } from './model/handlers.ts'

const remembered = /event|webhook|processed|deliver|dedup|idempoten|inbox/i

/** Duplicates that are looked for first and remembered last. */
export const rule: Rule = {
  id: 'dedup-after-work',
  summary: 'a webhook that looks for a duplicate, works, and remembers the event only then',
  severity: 'error',
  why: 'Two deliveries at once both find nothing and both work; a crash before the last step makes the retry work again.',
  fix: 'Insert the event first with onConflictDoNothing().returning() and go on only when a row came back.',
  operation: 'behaviour change',
  reference: 'infrastructure.md#webhook-inbox',
  mentions: /web-?hook/i,
  check(source, report) {
    for (const { fn } of webhookHandlers(source)) {
      for (const part of reachable(source, fn)) {
        const inside = queriesOf(source).filter(({ node }) => isWithin(node, part))
        for (const look of inside) {
          if (!/^(?:select|findFirst|findMany)$/.test(look.verb) || !remembered.test(look.table ?? '')) continue
          const insert = inside.find(({ verb, table, node }) => verb === 'insert' && last(table) === last(look.table) && node.start > look.node.end)
          if (!insert) continue
          const between = within(part, (node) => node.type === 'AwaitExpression' && node.start > look.node.end && node.end < insert.node.start &&
            isCall(node.argument) && !/^(?:c|ctx)\./.test(pathOf(node.argument.callee) ?? '') && !isLookup(node, inside))
          if (between.length === 0 || isLocked(look.node)) continue
          report(insert.node, `"${last(insert.table)}" is written after the work that it should prevent from running twice; insert it first and go on only when a row came back`)
        }
      }
    }
  },
}

function last(path: string | undefined): string | undefined {
  return path?.split('.').at(-1)
}

function isLookup(node: any, inside: ReturnType<typeof queriesOf>): boolean {
  return inside.some(({ verb, node: query }) => /^(?:select|find)/.test(verb) && isWithin(query, node))
}

/** A lookup with `for update` or below an advisory lock waits for the other delivery. */
function isLocked(node: any): boolean {
  return [...ancestors(node)].some((up) => isCall(up) && /lock/i.test(pathOf(up.callee) ?? ''))
}
