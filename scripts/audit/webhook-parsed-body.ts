import { bare, chainOf, isCall, pathOf, stringOf, type Call, type Node } from './engine/ast.ts'
import type { Rule } from './engine/rule.ts'
import type { Source } from './engine/source.ts'

const parsing = /\.(?:json|parseBody)$|^JSON\.parse$/

/** Signatures that are computed over something else than what was signed. */
export const rule: Rule = {
  id: 'webhook-parsed-body',
  summary: 'a signature that is verified over a parsed or re-serialised body',
  severity: 'error',
  why: 'JSON.stringify(JSON.parse(x)) is not x: white space, key order and numbers change, so true deliveries fail and the check gets removed.',
  fix: 'Read the raw text once (await c.req.text()), verify it, then parse it.',
  operation: 'behaviour change',
  reference: 'hono-migration.md#signed-webhooks',
  mentions: /web-?hook|svix|signature/i,
  check(source, report) {
    for (const call of source.calls) {
      const body = signedArgument(source, call)
      const how = body && origin(source, body, call, chainOf(call).steps.at(-1)!.name === 'update')
      if (how) report(body, `the signature is verified over ${how}, not over the bytes that were signed; verify await c.req.text() and parse it afterwards`)
    }
  },
}

/** The argument of a verifying call that holds the body. */
function signedArgument(source: Source, call: Call): Node | undefined {
  const { root, rootPath, steps } = chainOf(call)
  const name = steps.at(-1)!.name
  const [first] = call.arguments as Node[]
  if (/^constructEvent(?:Async)?$/.test(name)) return first
  if (name === 'update' && steps.some((step) => step.name === 'createHmac')) return first
  if (name === 'update' && rootPath) {
    const made = source.valueOf(rootPath, call)
    return made && /(?:^|\.)createHmac$/.test(pathOf((bare(made) as any).callee) ?? '') ? first : undefined
  }
  if (name !== 'verify') return undefined
  const target: any = root.type === 'Identifier' ? source.valueOf((root as any).name, call) ?? root : root
  const isWebhook = /Webhook$/.test(pathOf((bare(target) as any).callee) ?? '') || /^(?:wh|webhook|svix)$/i.test(rootPath ?? '')
  return isWebhook ? first : undefined
}

/** What the body was made of when it is not the raw text. */
function origin(source: Source, given: Node, at: Node, isHash: boolean, depth = 0): string | undefined {
  const node: any = bare(given)
  if (isCall(node)) {
    const callee = pathOf(node.callee) ?? ''
    if (callee === 'JSON.stringify') return !isHash || isReceived(source, node.arguments[0] as Node, at) ? 'a body that was serialised again' : undefined
    return parsing.test(callee) ? 'a parsed body' : undefined
  }
  if (node.type === 'LogicalExpression') return origin(source, node.right, at, isHash, depth) ?? origin(source, node.left, at, isHash, depth)
  if (node.type === 'TemplateLiteral' && stringOf(node) !== undefined) {
    return node.expressions.map((part: Node) => origin(source, part, at, isHash, depth + 1)).find((how: string | undefined) => how === 'a body that was serialised again')
  }
  const value = node.type === 'Identifier' && depth < 3 ? source.valueOf(node.name, at) : undefined
  return value && !/Function/.test(value.type) ? origin(source, value, at, isHash, depth + 1) : undefined
}

/** Whether a value came with the request: a sender that signs serialises as well. */
function isReceived(source: Source, given: Node, at: Node): boolean {
  const node: any = bare(given)
  const path = isCall(node) ? pathOf(node.callee) : pathOf(node)
  if (path && (/(?:^|\.)(?:req|request)\.body$/.test(path) || parsing.test(path))) return true
  const value = node.type === 'Identifier' ? source.valueOf(node.name, at) : undefined
  return value !== undefined && (bare(value) as any).type !== 'Identifier' && isReceived(source, value, at)
}
