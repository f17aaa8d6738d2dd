import { proposer } from '../../core/nearest.ts'
import type { RawFinding } from './rule.ts'

/** `audit-disable-next-line rule: reason` in a comment, and its forms for the same line and the file. */
export interface Directive {
  rule: string
  reason: string
  line: number
  column: number
  /** Line whose findings it hides; the whole file when left out. */
  covers: number | undefined
}

const pattern = /(?:\/\/|\/\*|\{\/\*|--|#|^\s*\*)\s*audit-disable(-next-line|-line|-file)?(?:[ \t]+([\w-]+))?(?:[ \t]*:[ \t]*(.*?))?[ \t]*(?:\*\/\}?)?[ \t]*$/

/** Every directive of a text. */
export function directivesIn(text: string): Directive[] {
  return text.split('\n').flatMap((content, index) => {
    const match = pattern.exec(content.replace(/\r$/, ''))
    if (!match) return []
    const [, form = '-next-line', rule = '', reason = ''] = match
    const line = index + 1
    return [{ rule, reason, line, column: match.index + 1, covers: form === '-file' ? undefined : form === '-line' ? line : line + 1 }]
  })
}

/**
 * Drop findings that a directive with a reason hides. A directive without a reason, for an unknown rule, or that hides
 * nothing of a rule that `ran` is a finding of `disable-comment` itself.
 */
export function applyDirectives(findings: RawFinding[], directives: Record<string, Directive[]>, known: string[], ran: Set<string>): RawFinding[] {
  const used = new Set<Directive>()
  const kept = findings.filter(({ path, ruleId, place }) => {
    const hiding = directives[path]?.filter(({ rule, reason, covers }) => rule === ruleId && reason !== '' && (covers === undefined || covers === (place?.line ?? 1)))
    hiding?.forEach((directive) => used.add(directive))
    return !hiding?.length
  })
  if (!ran.has('disable-comment')) return kept
  for (const [path, list] of Object.entries(directives)) {
    for (const directive of list) {
      const complaint = complain(directive, used, known, ran)
      if (complaint) kept.push({ path, ruleId: 'disable-comment', place: { line: directive.line, column: directive.column, endLine: directive.line, endColumn: directive.column }, ...complaint })
    }
  }
  return kept
}

function complain(directive: Directive, used: Set<Directive>, known: string[], ran: Set<string>): Pick<RawFinding, 'reason' | 'severity'> | undefined {
  const { rule, reason } = directive
  if (rule === '') return { severity: 'error', reason: 'name the rule and why: audit-disable-next-line <rule>: <reason>' }
  if (!known.includes(rule)) {
    const near = proposer()(rule, known)
    return { severity: 'error', reason: `there is no rule "${rule}"; ${near ? `did you mean "${near}"?` : 'see --list'}` }
  }
  if (reason === '') return { severity: 'error', reason: `say why "${rule}" is disabled: audit-disable-next-line ${rule}: <reason>` }
  if (!used.has(directive) && ran.has(rule)) return { severity: 'warning', reason: `this comment disables "${rule}", which finds nothing here; delete it` }
  return undefined
}
