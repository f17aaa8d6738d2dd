import { visit } from 'unist-util-visit'
import type { Bundle, Document } from './bundle.ts'
import { finding, type Finding } from './finding.ts'

interface Directive {
  line: number
  wholeFile: boolean
  rule: string
  used: boolean
}

const comment = /^<!--\s*validate-disable(-file)?\b(.*?)-->\s*$/s

/**
 * Drop the findings that a comment of the document disables:
 * `<!-- validate-disable rule-id: reason -->` for the next line, `validate-disable-file` for the file.
 * A comment without a reason, for an unknown rule or without effect is itself a finding.
 */
export function suppress(bundle: Bundle, findings: [string, Finding][], rules: string[], partial: boolean): [string, Finding][] {
  const kept: [string, Finding][] = []
  const directives = new Map<string, Directive[]>()
  for (const document of bundle.documents.values()) directives.set(document.path, directivesOf(document, rules, kept))
  for (const [path, found] of findings) {
    const match = directives.get(path)?.find(({ rule, wholeFile, line }) => rule === found.ruleId && (wholeFile || found.line === line + 1))
    if (match) match.used = true
    else kept.push([path, found])
  }
  if (partial) return kept
  for (const [path, list] of directives) {
    for (const { rule, line } of list.filter(({ used }) => !used)) {
      kept.push([path, finding('disable-comment', `this comment disables "${rule}", which finds nothing here; delete it`, { place: { line, column: 1 }, severity: 'warning' })])
    }
  }
  return kept
}

function directivesOf(document: Document, rules: string[], findings: [string, Finding][]): Directive[] {
  const found: Directive[] = []
  visit(document.tree, 'html', ({ value, position }) => {
    const match = comment.exec(value)
    if (!match || !position) return
    const [rule = '', reason = ''] = match[2]!.split(/:(.*)/s).map((part) => part.trim())
    const place = position
    if (!rules.includes(rule)) findings.push([document.path, finding('disable-comment', `there is no rule "${rule}"; name one that --help lists`, { place })])
    else if (reason === '') findings.push([document.path, finding('disable-comment', `say why "${rule}" is disabled: <!-- validate-disable ${rule}: reason -->`, { place })])
    else found.push({ line: position.end.line, wholeFile: Boolean(match[1]), rule, used: false })
  })
  return found
}
