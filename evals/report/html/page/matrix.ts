import type { AgentResult, Group } from '../../../agents/result.ts'
import { caption, h, scroller } from './dom.ts'
import type { Filter } from './runs.ts'
import { heatButton } from './symptoms.ts'
import { groupKey, groupName, number, skillName } from './text.ts'

/** Expected skill by loaded skill, for the group that is chosen; a cell leads to its runs. */
export function confusion({ groups, skill }: AgentResult, show: (filter: Partial<Filter>) => void): HTMLElement {
  const place = h('div')
  const draw = (index: number) => place.replaceChildren(matrix(groups[index]!, skill, show))
  const select = h('select', { id: 'matrix-group', change: () => draw(Number(select.value)) },
    ...groups.map((group, index) => h('option', { value: index }, groupName(group))))
  if (groups.length > 0) draw(0)
  return h('div', {}, h('p', { class: 'control' }, h('label', { for: 'matrix-group' }, 'Client, arm'), select), place)
}

function matrix(group: Group, ours: string, show: (filter: Partial<Filter>) => void): HTMLElement {
  const { confusion } = group
  const totals = Map.groupBy(confusion, ({ expected }) => expected)
  const runsOf = (expected: string | null) => totals.get(expected)!.reduce((sum, { runs }) => sum + runs, 0)
  const first = (name: string | null) => (name === ours ? 0 : name === null ? 2 : 1)
  const names = (field: 'expected' | 'loaded') => [...new Set(confusion.map((cell) => cell[field]))]
    .sort((a, b) => first(a) - first(b) || (skillName(a) < skillName(b) ? -1 : 1))
  const columns = names('loaded')
  const kindOf = (expected: string | null, loaded: string | null) => {
    if ((expected === ours) !== (loaded === ours)) return 'bad'
    return expected === loaded || group.arm === 'isolated' ? 'good' : 'other'
  }
  const legend = `Rows: the skill that should load. Columns: the one that did. Shade: share of the row. Blue: as it should be for ${ours}; red: missed or loaded by mistake; amber: a mix-up of other skills.`
  return scroller('Confusion matrix', h('table', { class: 'matrix' },
    caption(legend),
    h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, 'Expected'),
      ...columns.map((name) => h('th', { scope: 'col', class: 'turned' }, h('span', {}, skillName(name)))), h('th', { scope: 'col' }, 'Runs'))),
    h('tbody', {}, ...names('expected').map((expected) => h('tr', {},
      h('th', { scope: 'row' }, skillName(expected)),
      ...columns.map((loaded) => {
        const cell = totals.get(expected)!.find((one) => one.loaded === loaded)
        if (!cell) return h('td', { class: 'empty' }, '·')
        const label = `${skillName(expected)} expected, ${skillName(loaded)} loaded: ${cell.runs} runs`
        const act = () => show({ group: groupKey(group), expected, loaded })
        return h('td', {}, heatButton(cell.runs / runsOf(expected), number(cell.runs), label, act, kindOf(expected, loaded)))
      }),
      h('td', {}, number(runsOf(expected))))))))
}
