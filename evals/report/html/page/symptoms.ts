import type { AgentResult, Share } from '../../../agents/result.ts'
import { caption, h, scroller } from './dom.ts'
import type { Filter } from './runs.ts'
import { groupKey, groupName, percent } from './text.ts'

/** Recall of each symptom, worst first, per client and arm; a cell leads to its runs. */
export function symptomTable({ groups }: AgentResult, show: (filter: Partial<Filter>) => void): HTMLElement {
  const rates = new Map<string, Map<string, Share>>()
  for (const group of groups) {
    for (const { symptom, recall } of group.symptoms) rates.set(symptom, (rates.get(symptom) ?? new Map()).set(groupKey(group), recall))
  }
  const worst = (shares: Map<string, Share>) => Math.min(...[...shares.values()].map(({ rate }) => rate ?? 2))
  const rows = [...rates].sort(([a, x], [b, y]) => worst(x) - worst(y) || (a < b ? -1 : 1))
  return scroller('Recall of each symptom', h('table', { class: 'heat' },
    caption('Share of runs in which the skill loaded. A cell shows its runs.'),
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Symptom'), ...groups.map((group) => h('th', { scope: 'col' }, groupName(group))))),
    h('tbody', {}, ...rows.map(([symptom, shares]) => h('tr', {},
      h('th', { scope: 'row' }, symptom),
      ...groups.map((group) => {
        const share = shares.get(groupKey(group))
        if (!share || share.rate === null) return h('td', {}, '–')
        const text = `${percent(share.rate)} (${share.hits}/${share.total})`
        return h('td', {}, heatButton(share.rate, text, `${symptom}, ${groupName(group)}: ${text}`, () => show({ group: groupKey(group), symptom })))
      })))),
  ))
}

/** A button shaded by `level`, 0 … 1, in five steps. */
export function heatButton(level: number, text: string, label: string, click: () => void, kind = 'good'): HTMLElement {
  return h('button', { type: 'button', class: `cell ${kind}-${Math.min(4, Math.floor(level * 5))}`, 'aria-label': label, click }, text)
}
