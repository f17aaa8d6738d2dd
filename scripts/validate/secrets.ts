import { pointAt } from '../core/finding.ts'
import type { Rule } from '../core/rule.ts'

const patterns: [string, RegExp][] = [
  ['an AWS access key', /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g],
  ['a GitHub token', /\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_[A-Za-z0-9_]{60,}\b/g],
  ['an npm token', /\bnpm_[A-Za-z0-9]{36}\b/g],
  ['a Slack token', /\bxox[abposr]-[0-9A-Za-z-]{20,}\b/g],
  ['a Stripe or Clerk live key', /\b[sr]k_live_[0-9A-Za-z]{20,}\b/g],
  ['a webhook signing secret', /\bwhsec_[0-9A-Za-z+/]{24,}={0,2}/g],
  ['an Anthropic key', /\bsk-ant-[A-Za-z0-9_-]{40,}/g],
  ['an OpenAI key', /\bsk-(?:proj-)?[A-Za-z0-9_-]{40,}\b/g],
  ['a Google API key', /\bAIza[0-9A-Za-z_-]{35}\b/g],
  ['a private key', /-----BEGIN (?:[A-Z]+ )?PRIVATE KEY-----\s*[A-Za-z0-9+/=\s]{60,}/g],
  ['a password in a connection string', /\b(?:postgres(?:ql)?|mysql|redis|rediss|mongodb(?:\+srv)?|amqp):\/\/[^\s:@/]+:([^\s@/]{8,})@[^\s/]+/g],
]

const example = /example|placeholder|dummy|sample|changeme|password|your[-_]|xxxx|0000|1234|<|\$\{|\*{3}|\.\.\./i

/** Credentials of known shape, quiet on documented examples and placeholders. */
export const rule: Rule = {
  id: 'secrets',
  summary: 'no credentials; documented examples and placeholders are fine',
  check({ documents }, report) {
    for (const { path, text } of documents.values()) {
      for (const [what, pattern] of patterns) {
        for (const match of text.matchAll(pattern)) {
          if (example.test(match[1] ?? match[0]) || isMonotonous(match[1] ?? match[0])) continue
          report(path, `this looks like ${what}; revoke it and write a placeholder such as <KEY>`, { place: pointAt(text, match.index) })
        }
      }
    }
  },
}

function isMonotonous(secret: string): boolean {
  return new Set(secret.slice(-20)).size < 5
}
