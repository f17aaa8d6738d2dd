import type { AgentCheck, AgentResult, AgentVerdict, Group, Share } from '../../../agents/result.ts'
import { caption, h, scroller, svg } from './dom.ts'
import { countLines, countOf, groupName, number, percent } from './text.ts'

const marks: Record<AgentVerdict, string> = { PASS: '✓', FAIL: '✕', INCONCLUSIVE: '?' }

export function badge(verdict: AgentVerdict): HTMLElement {
  return h('span', { class: `badge ${verdict.toLowerCase()}` }, h('span', { 'aria-hidden': 'true' }, `${marks[verdict]} `), verdict)
}

/** One row per client and arm: verdict, then each rate with its interval drawn. */
export function rateTable({ groups }: AgentResult): HTMLElement {
  const columns: [title: string, share: (group: Group) => Share, check?: string][] = [
    ['Answered', ({ completion }) => completion, 'completion'],
    ['Recall', ({ recall }) => recall, 'recall'],
    ['False loads', ({ falseLoads }) => falseLoads, 'false-loads'],
    ['References found', ({ references }) => references.recall, 'reference-recall'],
    ['Right of those read', ({ references }) => references.precision, 'reference-precision'],
  ]
  return scroller('Rates of each client and arm', h('table', { class: 'rates' },
    caption('Dot: share. Bar: 95 % interval; runs of one prompt count as alike. Line: what is due.'),
    h('thead', {}, h('tr', {},
      h('th', { scope: 'col' }, 'Client, arm'), h('th', { scope: 'col' }, 'Verdict'),
      ...columns.map(([title]) => h('th', { scope: 'col' }, title)))),
    h('tbody', {}, ...groups.map((group) => h('tr', {},
      h('th', { scope: 'row' }, groupName(group), h('small', {}, group.clientVersion)),
      h('td', {}, badge(group.verdict), group.control === 'missing' && h('small', {}, 'positive control did not fire')),
      ...columns.map(([, share, id]) => rateCell(share(group), group.checks.find((check) => check.id === id)))))),
  ))
}

/** What is not PASS, with what would decide it. */
export function openChecks({ groups }: AgentResult): HTMLElement | null {
  const open = groups.flatMap((group) => group.checks.filter(({ verdict }) => verdict !== 'PASS').map((check) => ({ group, check })))
  if (open.length === 0) return null
  return h('details', { open: open.length <= 12 },
    h('summary', {}, `${open.length} ${open.length === 1 ? 'check is' : 'checks are'} not passed`),
    h('ul', { class: 'checks' }, ...open.map(({ group, check }) => h('li', {},
      badge(check.verdict), ` ${groupName(group)}: ${check.what} ${percent(check.measured.rate)} (${countOf(check.measured)}), ${check.kind} ${percent(check.limit)} is due.`,
      check.moreRuns !== null && ` ${number(check.moreRuns)} more independent runs with the same share would decide.`))))
}

function rateCell(share: Share, check?: AgentCheck): HTMLElement {
  return h('td', { class: 'rate' },
    h('strong', {}, percent(share.rate)), share.total > 0 && drawing(share, check), ...countLines(share).map((text) => h('small', {}, text)))
}

function drawing({ rate, low, high }: Share, check?: AgentCheck): SVGElement {
  const at = (value: number) => 5 + value * 110
  return svg('svg', { class: `interval ${check?.verdict.toLowerCase() ?? ''}`, viewBox: '0 0 120 16', width: 120, height: 16, 'aria-hidden': 'true' },
    svg('line', { class: 'axis', x1: at(0), x2: at(1), y1: 8, y2: 8 }),
    svg('line', { class: 'bar', x1: at(low), x2: at(high), y1: 8, y2: 8 }),
    check && svg('line', { class: 'limit', x1: at(check.limit), x2: at(check.limit), y1: 1, y2: 15 }),
    svg('circle', { class: 'dot', cx: at(rate ?? 0), cy: 8, r: 4 }))
}
