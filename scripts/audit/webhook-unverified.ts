import { bare, isCall, pathOf, within, type Node } from './engine/ast.ts'
import type { Rule } from './engine/rule.ts'
import type { Source } from './engine/source.ts'
import { reachable, routesOf, webhookHandlers, type WebhookHandler } from './model/handlers.ts'

const proof = /(?:verif|constructEvent|unwrap$|timingSafeEqual|createHmac|createVerify|hmac|subtle\.|signature|isValid|validate(?:Webhook|Request|Auth|Event)|authenticat|authori[sz]e|assert|check\w*(?:Secret|Token|Auth)|safeEqual|compareSync)/i
const secretName = /secret|token|signature|expected|hash|digest|hmac|api_?key|password/i
const reading = /(?:\.req\.(?:json|text|parseBody|arrayBuffer|raw\.text|raw\.json)|^(?:req|request)\.(?:json|text|formData))$/

/** Webhook handlers that believe whoever calls them. */
export const rule: Rule = {
  id: 'webhook-unverified',
  summary: 'a webhook handler that reads the body and verifies nothing',
  severity: 'error',
  why: 'Whoever finds the address can create users, grant roles or mark invoices paid.',
  fix: "Verify the signature over the raw bytes with the provider's library before anything is believed; refuse when the secret is missing.",
  operation: 'behaviour change',
  reference: 'hono-migration.md#signed-webhooks',
  mentions: /web-?hook/i,
  check(source, report) {
    if (source.side === 'web') return
    for (const handler of webhookHandlers(source)) {
      const parts = [...reachable(source, handler.fn), ...handler.before]
      const reads = parts.some((part) => within(part, (node) => (isCall(node) && reading.test(pathOf(node.callee) ?? '')) || /^(?:req|request)\.body$/.test(pathOf(node) ?? '')).length > 0)
      if (!reads || handler.before.some((node) => mayVerify(source, node)) || isGuarded(source, handler) || parts.some(verifies)) continue
      report(handler.route?.node ?? handler.fn, `the webhook ${handler.label} believes its body without verifying it; verify the signature over the raw bytes first`)
    }
  },
}

function verifies(part: Node): boolean {
  return within(part, (node) => {
    if (isCall(node)) return handsOnSignature(node) || proof.test(pathOf(node.callee) ?? (bare(node.callee) as any).property?.name ?? '')
    if (node.type === 'NewExpression') return /Webhook/.test(pathOf(node.callee) ?? '')
    return node.type === 'BinaryExpression' && /^[!=]==?$/.test(node.operator) && [node.left, node.right].every((side: any) => !/Literal$/.test(side.type)) &&
      [node.left, node.right].some((side: any) => secretName.test(pathOf(side) ?? ''))
  }).length > 0
}

/** Whether a call gets the signature of the request: then what it calls may verify. */
function handsOnSignature(call: any): boolean {
  if (/(?:\.header|headers\.get)$/.test(pathOf(call.callee) ?? '')) return false
  return call.arguments.some((argument: any) => within(argument, (node) => (node.type === 'Identifier' && /signature|^sig$/i.test(node.name)) ||
    (isCall(node) && /\.req\.header$/.test(pathOf(node.callee) ?? '') && node.arguments.length === 0)).length > 0)
}

const harmless = /^(?:cors|logger|requestId|secureHeaders|bodyLimit|timing|prettyJSON|compress|etag|timeout|describeRoute|rateLimiter?|zValidator|validator)$/

/** Whether something in front of the handler may verify: everything but what is known not to. */
function mayVerify(source: Source, node: Node): boolean {
  const name = isCall(node) ? pathOf(node.callee) : pathOf(node)
  return !(name && harmless.test(name)) && (node.type !== 'ObjectExpression' || source.uses(/openapi/))
}

/** Whether the same app has middleware of its own that covers the handler. */
function isGuarded(source: Source, { route }: WebhookHandler): boolean {
  return routesOf(source).some(({ method, app, path, handlers, node }) => method === 'use' && app === route?.app && node.start < route.node.start &&
    covers(path, route.path) && handlers.some((handler) => mayVerify(source, handler) && (!/Function/.test(handler.type) || verifies(handler))))
}

function covers(pattern: string, path: string): boolean {
  return pattern === '*' || path.startsWith(pattern.replace(/\/?\*.*$/, ''))
}
