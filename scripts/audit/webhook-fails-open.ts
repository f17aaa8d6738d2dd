import { bare, isCall, isWithin, pathOf, within, type Node } from './engine/ast.ts'
import type { Rule } from './engine/rule.ts'
import type { Source } from './engine/source.ts'
import { reachable, webhookHandlers } from './model/handlers.ts'

const secretName = /(?:secret|token|signing_?key|api_?key|webhook_?key|password)\w*$/i
const verifying = /verif|constructEvent|timingSafeEqual|createHmac|safeEqual/i

/** Webhooks that skip the check when the secret is not set. */
export const rule: Rule = {
  id: 'webhook-fails-open',
  summary: 'a webhook or guard that accepts everything when its secret is missing',
  severity: 'error',
  why: 'One forgotten variable in one environment opens the endpoint, and nothing looks broken.',
  fix: 'Parse the secret at start-up and stop without it; in the handler refuse first, verify second.',
  operation: 'behaviour change',
  reference: 'hono-migration.md#signed-webhooks',
  mentions: /web-?hook/i,
  check(source, report) {
    const tests = new Set<Node>()
    const inWebhookFile = /web-?hook/i.test(source.path)
    const incoming = webhookHandlers(source).length > 0 || /\bnext\b/.test(source.text)
    const parts = webhookHandlers(source).flatMap(({ fn, before }) => [...reachable(source, fn), ...before])
    for (const node of [...source.all('IfStatement'), ...source.all('ConditionalExpression')] as any[]) {
      if ((!inWebhookFile || !incoming) && !parts.some((part) => isWithin(node, part))) continue
      if (tests.has(node)) continue
      const how = opens(source, node)
      if (!how) continue
      tests.add(node)
      report(node.test, `without ${how} this accepts every delivery; refuse when it is missing, then verify`)
    }
  },
}

/** Name of the secret whose absence lets a delivery through. */
function opens(source: Source, node: any): string | undefined {
  const test: any = bare(node.test)
  if (test.type === 'LogicalExpression' && test.operator === '&&') {
    const name = secretIn(test.left, source)
    return name && refuses(node.consequent) && (isComparison(test.right, name) || isNegatedCheck(test.right)) ? name : undefined
  }
  const name = secretIn(test, source)
  if (name && node.type === 'ConditionalExpression') return isVerified(node.consequent) && !isVerified(node.alternate) && parses(node.alternate) ? name : undefined
  return name && isVerified(node.consequent) && !refuses(node.alternate) && !leaves(node) ? name : undefined
}

function isVerified(branch: Node): boolean {
  return within(branch, (child) => isCall(child) && verifying.test(pathOf(child.callee) ?? (bare(child.callee) as any).property?.name ?? '')).length > 0
}

function parses(branch: Node): boolean {
  return within(branch, (child) => isCall(child) && /(?:^JSON\.parse|\.json)$/.test(pathOf(child.callee) ?? '')).length > 0
}

/** The name of a configured secret that an expression stands for; one that came with the request is none. */
function secretIn(given: any, source: Source): string | undefined {
  const path = pathOf(given)
  if (!path || !secretName.test(path)) return undefined
  const value = path.includes('.') ? undefined : source.valueOf(path, given)
  const from = value ? pathOf(value) ?? pathOf((bare(value) as any).callee) ?? '' : path
  return /(?:\.req\b|^req\b|request|header|body|query|payload)/i.test(from) ? undefined : path
}

function isComparison(given: any, name: string): boolean {
  const node: any = bare(given)
  return node.type === 'BinaryExpression' && /^!==?$/.test(node.operator) &&
    within(node, (child) => pathOf(child) === name).length > 0
}

function isNegatedCheck(given: any): boolean {
  const node: any = bare(given)
  return node.type === 'UnaryExpression' && node.operator === '!' && isCall(bare(node.argument)) && verifying.test(pathOf((bare(node.argument) as any).callee) ?? '')
}

/** Whether a branch ends the request. */
function refuses(branch: any): boolean {
  return branch ? within(branch, (node) => node.type === 'ReturnStatement' || node.type === 'ThrowStatement', (node) => /Function/.test(node.type)).length > 0 : false
}

/** Whether what follows the statement refuses at once, as in `if (secret) { return … } throw …`. */
function leaves(node: any): boolean {
  const list: any[] = node.parent?.body ?? []
  const next = Array.isArray(list) ? list[list.indexOf(node) + 1] : undefined
  const last = node.consequent.type === 'BlockStatement' ? node.consequent.body.at(-1) : node.consequent
  return last?.type === 'ReturnStatement' && (next?.type === 'ThrowStatement' || next?.type === 'ReturnStatement')
}
