import { bare, pathOf, stringOf } from './engine/ast.ts'
import type { Rule } from './engine/rule.ts'
import { isScript } from './engine/source.ts'

const shapes: [string, RegExp][] = [
  ['an AWS access key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/],
  ['a GitHub token', /\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_[A-Za-z0-9_]{60,}\b/],
  ['a Slack token', /\bxox[abposr]-[0-9]{6,}-[0-9A-Za-z-]{20,}/],
  ['a live key of Stripe or Clerk', /\b[sr]k_live_[0-9A-Za-z]{20,}\b/],
  ['a webhook signing secret', /\bwhsec_[0-9A-Za-z+/]{28,}={0,2}/],
  ['an Anthropic key', /\bsk-ant-[A-Za-z0-9_-]{40,}/],
  ['an OpenAI key', /\bsk-(?:proj-)?(?!ant-)[A-Za-z0-9]{20,}[A-Za-z0-9_-]{16,}/],
  ['a Google API key', /\bAIza[0-9A-Za-z_-]{35}\b/],
  ['a private key', /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?:\s|\\n)*[A-Za-z0-9+/=]{40,}/],
  ['a password in a connection string', /\b(?:postgres(?:ql)?|mysql|rediss?|mongodb(?:\+srv)?|amqps?):\/\/[^\s:@/]*:(?!\$\{)[^\s@/$]{8,}@(?!localhost|127\.|0\.0\.0\.0|db[:/]|postgres[:/]|redis[:/]|host)[^\s/:?"'`]+\.[a-z]/],
]
const placeholder = /example|placeholder|dummy|sample|change-?me|password|your[-_]|xxxx|0000|1234|abcd|test|fake|[<>*]|\.\.\./i
const secretName = /(?:secret|password|passwd|api_?key|private_?key|access_?token|auth_?token|jwt_?secret|signing_?key)$/i

/** Credentials that everybody with the repository has. */
export const rule: Rule = {
  id: 'secret-in-source',
  summary: 'a credential written into the source, also as a fallback for a missing variable',
  severity: 'error',
  why: 'It stays in every clone and in the history after it is deleted, and the fallback keeps production running on a known secret.',
  fix: 'Revoke it, read it from the environment, and stop at start-up when it is missing.',
  operation: 'behaviour change',
  reference: 'operational-guardrails.md#secrets-and-supply-chain',
  check(source, report) {
    for (const node of [...source.all('StringLiteral'), ...source.all('TemplateLiteral')] as any[]) {
      const text = stringOf(node)!
      if (text.length < 12) continue
      const shape = shapes.find(([, pattern]) => pattern.test(text))
      if (shape && !/placeholder|holder|example|sample|mock|dummy/i.test((node.parent?.id?.name ?? node.parent?.key?.name ?? '') + (node.parent?.name?.name ?? '')) && !placeholder.test(text.replace(/^[a-z]+_(?:live_)?/, '')) && new Set(text).size > 8) report(node, `this looks like ${shape[0]}; revoke it and read it from the environment`)
    }
    if (isScript(source.path)) return
    for (const node of source.all('LogicalExpression') as any[]) {
      const left = pathOf(node.left)
      const right = bare(node.right)
      const value = stringOf(right)
      if (!/^(?:\|\||\?\?)$/.test(node.operator) || !left || !/^(?:process\.env|Bun\.env|env|import\.meta\.env|c\.env)\./.test(left) || value === undefined) continue
      if (secretName.test(left) && value.length >= 4 && !/^(?:not?|un|missing|none|undefined|null|change|<)/i.test(value) && !/public|publishable/i.test(left)) report(right, `${left} falls back to a text that everybody can read; stop at start-up when it is missing`, { severity: source.side === 'server' ? 'error' : 'warning' })
    }
  },
}
