import { ancestors, bare, isCall, isWithin, pathOf, type Node } from './engine/ast.ts'
import type { Rule } from './engine/rule.ts'
import { reachable, webhookHandlers } from './model/handlers.ts'

const random = /(?:randomUUID|uuid(?:v4|v7)?|nanoid|createId|cuid|ulid|Date\.now|Math\.random|randomBytes)$/
const keyName = /(?:event|delivery|message|webhook|external|svix|request)_?id$|dedup|idempotency/i

/** Keys against duplicates that are new each time. */
export const rule: Rule = {
  id: 'dedup-key-random',
  summary: 'a key against duplicate deliveries that is random or the time',
  severity: 'error',
  why: 'A second delivery gets another key, so the unique constraint never meets it and the work runs twice.',
  fix: 'Take the id that the sender repeats (svix-id, event.id); refuse a delivery without one, or hash its bytes.',
  operation: 'behaviour change',
  reference: 'infrastructure.md#webhook-inbox',
  mentions: /web-?hook/i,
  check(source, report) {
    const parts = webhookHandlers(source).flatMap(({ fn }) => reachable(source, fn))
    const isInWebhook = (node: Node) => parts.some((part) => isWithin(node, part)) || (/web-?hook/i.test(source.path) && source.side === 'server')
    for (const call of source.calls) {
      const callee = pathOf(call.callee)
      if (!callee || !random.test(callee) || !isInWebhook(call)) continue
      const name = nameFor(call)
      if (name && keyName.test(name)) report(call, `"${name}" is ${/now$/.test(callee) ? 'the time' : 'random'} when the sender gave none, so a second delivery is not recognised; refuse it, or hash the body`, { severity: /dedup|idempotency/i.test(name) || isFallback(call) ? 'error' : 'warning' })
    }
  },
}

/** Whether the value stands in for an id of the sender; alone it may be meant for senders without ids. */
function isFallback(call: Node): boolean {
  return [...ancestors(call)].slice(0, 4).some(({ type }) => type === 'LogicalExpression' || type === 'ConditionalExpression')
}

/** Name of the variable, property or parameter that a value is for. */
function nameFor(call: Node): string | undefined {
  for (const node of ancestors(call) as Iterable<any>) {
    if (node.type === 'VariableDeclarator') return node.id.name
    if (node.type === 'ObjectProperty') return node.key.name ?? node.key.value
    if (node.type === 'AssignmentExpression') return pathOf(node.left)?.split('.').at(-1)
    if (!/^(?:LogicalExpression|TemplateLiteral|ConditionalExpression|BinaryExpression|TSAsExpression|TSNonNullExpression)$/.test(node.type) && !(isCall(node) && /^String$|toString$/.test(pathOf(node.callee) ?? (bare(node.callee) as any).property?.name ?? ''))) return undefined
  }
  return undefined
}
