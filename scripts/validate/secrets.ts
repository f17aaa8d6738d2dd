import { pointAt } from '../core/finding.ts'
import type { Rule } from '../core/rule.ts'

interface Shape {
  what: string
  pattern: RegExp
  /** Whether a match that is no placeholder is real; the secret is the first group or the whole match. */
  isReal?(secret: string, match: RegExpExecArray): boolean
}

const shapes: Shape[] = [
  { what: 'an AWS access key', pattern: /\b(?:AKIA|ASIA)[0-9A-Z]{16}\b/g },
  { what: 'a GitHub token', pattern: /\bgh[pousr]_[A-Za-z0-9]{36,}\b|\bgithub_pat_[A-Za-z0-9_]{60,}\b/g },
  { what: 'an npm token', pattern: /\bnpm_[A-Za-z0-9]{36}\b/g },
  { what: 'a Slack token', pattern: /\bxox[abposr]-[0-9A-Za-z-]{20,}/g, isReal: hasDigits },
  { what: 'a Stripe or Clerk live key', pattern: /\b[sr]k_live_[0-9A-Za-z]{20,}\b/g },
  { what: 'a webhook signing secret', pattern: /\bwhsec_[0-9A-Za-z+/]{24,}={0,2}/g },
  { what: 'an Anthropic key', pattern: /\bsk-ant-[A-Za-z0-9_-]{40,}/g, isReal: hasDigits },
  { what: 'an OpenAI key', pattern: /\bsk-(?!ant-)[A-Za-z0-9_-]{40,}/g, isReal: isMixed },
  { what: 'a Google API key', pattern: /\bAIza[0-9A-Za-z_-]{35}\b/g },
  { what: 'a private key', pattern: /-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?:\s|\\n|>)*[A-Za-z0-9+/=]{40,}/g },
  {
    what: 'a password in a connection string',
    pattern:
      /\b(?:postgres(?:ql)?|mysql|mariadb|rediss?|mongodb(?:\+srv)?|amqps?):\/\/([^\s:@/]*):([^\s@/]{8,})@([^\s/:?"'`]+)/g,
    isReal: (_, [, user, password, host]) =>
      password !== user && isMixed(password!) && host!.includes('.') && !/^127\./.test(host!),
  },
]

const placeholder =
  /example|placeholder|dummy|sample|change-?me|passw|secret|your[-_]|xxxx|0000|1234|abcd|[<>${}*[\]]|\.\.\./i
/** Values that vendors print in their own documentation. */
const documented = new Set(['whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw', 'whsec_C2FVsBQIhrscChlQIMV+b5sSYspob7oD'])

/** Credentials of known shape, quiet on documented examples and placeholders. */
export const rule: Rule = {
  id: 'secrets',
  summary: 'no credentials; documented examples and placeholders are fine',
  check({ documents }, report) {
    for (const { path, text } of documents.values()) {
      for (const { what, pattern, isReal } of shapes) {
        for (const match of text.matchAll(pattern)) {
          const secret = match[2] ?? match[0]
          const end = secret.replace(/^[a-z]+_(?:live_|pat_)?/, '')
          if (
            placeholder.test(end) ||
            /example\.(?:com|org|net)/.test(match[0]) ||
            documented.has(secret) ||
            /\be\.g\.|\bexample\b/i.test(lineBefore(text, match.index)) ||
            isMonotonous(secret)
          )
            continue
          if (isReal && !isReal(secret, match)) continue
          report(path, `this looks like ${what}; revoke it and write a placeholder such as <KEY>`, {
            place: pointAt(text, match.index),
          })
        }
      }
    }
  },
}

function lineBefore(text: string, offset: number): string {
  return text.slice(Math.max(text.lastIndexOf('\n', offset) + 1, offset - 200), offset)
}

function hasDigits(secret: string): boolean {
  return (secret.match(/\d/g)?.length ?? 0) >= 3
}

function isMixed(secret: string): boolean {
  return /\d/.test(secret) && /[a-z]/.test(secret) && (/[A-Z]/.test(secret) || secret.length >= 20)
}

function isMonotonous(secret: string): boolean {
  return new Set(secret.slice(-20)).size < 5
}
