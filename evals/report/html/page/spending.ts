import type { AgentResult, Spread } from '../../../agents/result.ts'
import { caption, h, scroller } from './dom.ts'
import { dollars, groupName, number, seconds } from './text.ts'

/** Tokens, cost and time of each client and arm. */
export function spending({ groups }: AgentResult): HTMLElement {
  const cells = (spread: Spread | null, write: (value: number) => string) =>
    (['median', 'p95', 'total'] as const).map((field) => h('td', {}, spread ? write(spread[field]) : 'not told'))
  const measures = ['Tokens in', 'Tokens out', 'Cost', 'Time']
  return scroller('Tokens, cost and time', h('table', { class: 'numbers' },
    caption('Per usable run: median and 95th percentile; total of all usable runs. Tokens in include cached ones.'),
    h('thead', {},
      h('tr', {}, h('th', { scope: 'col', rowspan: 2 }, 'Client, arm'), ...measures.map((name) => h('th', { scope: 'colgroup', colspan: 3 }, name))),
      h('tr', {}, ...measures.flatMap(() => ['median', '95 %', 'total'].map((name) => h('th', { scope: 'col' }, name))))),
    h('tbody', {}, ...groups.map((group) => h('tr', {},
      h('th', { scope: 'row' }, groupName(group)),
      ...cells(group.tokens.input, number), ...cells(group.tokens.output, number),
      ...cells(group.cost, dollars), ...cells(group.duration, seconds))))))
}

/** Runs that say nothing about the skill, by reason. */
export function unusable({ groups }: AgentResult): HTMLElement | null {
  const lines = groups.flatMap((group) => group.unusable.map((one) => ({ group, ...one })))
  if (lines.length === 0) return null
  return h('details', {}, h('summary', {}, `${number(lines.reduce((sum, { runs }) => sum + runs, 0))} runs say nothing about the skill`),
    h('ul', {}, ...lines.map(({ group, kind, runs, example }) => h('li', {}, `${groupName(group)}: ${runs} × ${kind}, such as “${example}”`))))
}
