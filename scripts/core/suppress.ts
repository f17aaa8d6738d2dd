import type { Html, Parents } from 'mdast'
import { visit } from 'unist-util-visit'
import type { Bundle, Document } from './bundle.ts'
import { finding, type Finding } from './finding.ts'
import { proposer } from './nearest.ts'

interface Directive {
  place: NonNullable<Html['position']>
  rule: string
  reason: string
  /** First and last line that it covers; the whole file when left out. */
  lines: [number, number] | undefined
  used: boolean
}

export interface Suppressed {
  findings: [string, Finding][]
  /** Rules that SKILL.md disables for the whole file; checks across skills respect them. */
  disabled: string[]
}

const comment = /^<!--\s*validate-disable(-file)?(?![\w-])([^]*?)-->/

/**
 * Drop the findings that a comment of the document disables: `<!-- validate-disable rule-id: reason -->`
 * for the block below it (or its own line inside a paragraph), `validate-disable-file` for the file.
 * A comment without a reason, for a rule that is not in `known`, or without effect on one of the `ran`
 * rules is itself a finding of the rule `disable-comment`.
 */
export function suppress(bundle: Bundle, findings: [string, Finding][], known: string[], ran: Set<string>): Suppressed {
  const directives = new Map([...bundle.documents.values()].map((document) => [document.path, directivesOf(document)]))
  const kept = findings.filter(([path, { ruleId, line }]) => {
    const match = directives
      .get(path)
      ?.find(
        ({ rule, reason, lines }) =>
          rule === ruleId && reason !== '' && (!lines || (line !== undefined && line >= lines[0] && line <= lines[1])),
      )
    if (match) match.used = true
    return !match
  })
  if (ran.has('disable-comment')) {
    for (const [path, list] of directives)
      for (const directive of list) kept.push(...complaints(path, directive, known, ran))
  }
  const own = directives.get(bundle.skill.path) ?? []
  return {
    findings: kept,
    disabled: own.filter(({ lines, reason }) => !lines && reason !== '').map(({ rule }) => rule),
  }
}

function complaints(
  path: string,
  { rule, reason, place, used }: Directive,
  known: string[],
  ran: Set<string>,
): [string, Finding][] {
  const tell = (text: string, severity: 'error' | 'warning' = 'error'): [string, Finding][] => [
    [path, finding('disable-comment', text, { place, severity })],
  ]
  if (!known.includes(rule)) {
    const near = proposer()(rule, known)
    return tell(`there is no rule "${rule}"; ${near ? `did you mean "${near}"?` : 'name one that --help lists'}`)
  }
  if (reason === '') return tell(`say why "${rule}" is disabled: <!-- validate-disable ${rule}: reason -->`)
  if (!used && ran.has(rule))
    return tell(`this comment disables "${rule}", which finds nothing here; delete it`, 'warning')
  return []
}

function directivesOf(document: Document): Directive[] {
  const found: Directive[] = []
  visit(document.tree, 'html', (node, index, parent) => {
    const match = comment.exec(node.value)
    if (!match || !node.position || !parent) return
    const [rule = '', reason = ''] = match[2]!.split(/:([^]*)/).map((part) => part.trim())
    found.push({
      place: node.position,
      rule,
      reason,
      lines: match[1] ? undefined : covered(node, index!, parent),
      used: false,
    })
  })
  return found
}

function covered(node: Html, index: number, parent: Parents): [number, number] {
  const { start, end } = node.position!
  if (parent.type === 'paragraph' || parent.type === 'tableCell' || parent.type === 'heading')
    return [start.line, end.line]
  const below = parent.children.slice(index + 1).find((next) => next.type !== 'html' || !comment.test(next.value))
  return below?.position ? [below.position.start.line, below.position.end.line] : [end.line, end.line]
}
