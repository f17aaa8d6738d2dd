import { bare, isCall, isWithin, pathOf, within, type Call } from './engine/ast.ts'
import type { Rule } from './engine/rule.ts'
import { isScript } from './engine/source.ts'

const logging = /^(?:console\.(?:log|error|warn|info|debug|dir)|(?:\w+\.)*(?:log|logger)\.(?:trace|debug|info|warn|error|fatal|log))$/
const secret = /^(?:.*[._])?(?:password|passwd|passphrase|secret|\w*secretKey|\w*Secret|apiKey|api_key|privateKey|private_key|accessToken|access_token|refreshToken|refresh_token|authToken|idToken|bearerToken|sessionToken|jwtToken|DATABASE_URL|\w+_SECRET|\w+_SECRET_KEY|\w+_API_KEY|\w+_TOKEN)$/
const harmless = /(?:has|is|with|missing|length|count|type|valid|expires?|hash(?:ed)?|mask(?:ed)?|redact(?:ed)?|prefix|name|Id)\w*$/i

/** Credentials that end up in log storage. */
export const rule: Rule = {
  id: 'secret-in-log',
  summary: 'a password, token, key or whole environment written to a log',
  severity: 'error',
  why: 'Logs are copied to more places and people than any secret store, and are kept for months.',
  fix: 'Log that it is there, or a hash; redact by field name in the logger; rotate what was logged.',
  operation: 'behaviour change',
  reference: 'operational-guardrails.md#secrets-and-supply-chain',
  mentions: /\b(?:log|logger|console)\b/,
  check(source, report) {
    if (source.side === 'web' || isScript(source.path)) return
    for (const call of source.calls) {
      if (!logging.test(pathOf(call.callee) ?? '')) continue
      const leak = leakIn(call)
      if (leak) report(leak.node, `${leak.name} goes to the log; leave it out and rotate it if it ran in production`)
    }
  },
}

function leakIn(call: Call): { node: object; name: string } | undefined {
  for (const argument of call.arguments) {
    for (const node of within(argument, (child) => /^(?:Identifier|MemberExpression|OptionalMemberExpression)$/.test(child.type)) as any[]) {
      const path = pathOf(node)
      if (!path || isPart(node)) continue
      if (/^(?:process|Bun|import\.meta)\.env$|^c\.req\.header$|^(?:req|request)\.headers$/.test(path) && isWhole(node)) return { node, name: path === 'c.req.header' ? 'every header' : path }
      if (secret.test(path) && !harmless.test(path) && !/(?:^|\.)(?:same|is|has|no|had|should|use|needs?|with)[A-Z]\w*$/.test(path) && !isShown(node, call)) return { node, name: path }
    }
  }
  return undefined
}

/** Names of properties and objects of longer paths are seen with their whole path. */
function isPart(node: any): boolean {
  const parent = node.parent
  if (/MemberExpression$/.test(parent.type)) return true
  return parent.type === 'ObjectProperty' && parent.key === node && !parent.shorthand
}

function isWhole(node: any): boolean {
  return !/MemberExpression$/.test(node.parent.type) && (!isCall(node.parent) || node.parent.arguments.length === 0 || node.parent.callee !== node)
}

/** Whether only a fact about the value is logged: a test, a call that masks, a key of an object pattern. */
function isShown(node: any, call: Call): boolean {
  for (let up = node.parent; up && up !== call; up = up.parent) {
    if (/^(?:UnaryExpression|BinaryExpression)$/.test(up.type)) return true
    if (up.type === 'ConditionalExpression' && isWithin(node, up.test)) return true
    if (isCall(up) && !/^JSON\.stringify$|^String$/.test(pathOf(up.callee) ?? '')) return true
    if (up.type === 'LogicalExpression' && up.operator === '&&' && isWithin(node, up.left)) return true
    if (/Function/.test(up.type)) return true
  }
  return (bare(node) as any).type !== node.type
}
