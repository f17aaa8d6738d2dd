import type { ReportData } from '../data.ts'
import { h, type Child } from './dom.ts'
import { confusion } from './matrix.ts'
import { badge, openChecks, rateTable } from './rates.ts'
import { runList } from './runs.ts'
import { spending, unusable } from './spending.ts'
import { symptomTable } from './symptoms.ts'
import { number } from './text.ts'
import { themeChoice } from './theme.ts'

const data = JSON.parse(document.getElementById('data')!.textContent!) as ReportData
const { result, leftOut } = data
const { element: list, show } = runList(data)

const section = (id: string, title: string, ...children: Child[]) =>
  h('section', { id, 'aria-labelledby': `${id}-title` }, h('h2', { id: `${id}-title` }, title), ...children)

document.getElementById('report')!.replaceWith(
  h('a', { class: 'skip', href: '#runs' }, 'Skip to the runs'),
  h('header', {},
    h('div', {}, h('h1', {}, result.skill, ' ', badge(result.verdict)),
      h('p', {}, `${number(result.prompts.length)} prompts (${result.split === 'all' ? 'train and validation' : result.split}) × ${result.runs} runs on each client and arm, ${result.neighbours} other skills in the crowded arm.`)),
    themeChoice()),
  h('main', {},
    section('verdicts', 'Verdicts', rateTable(result), openChecks(result), unusable(result)),
    result.notes.length > 0 && section('notes', 'Before you trust the numbers', h('ul', {}, ...result.notes.map((note) => h('li', {}, note)))),
    section('symptoms', 'Symptoms', symptomTable(result, show)),
    section('matrix', 'Which skill loaded', confusion(result, show)),
    section('spending', 'Tokens, cost, time', spending(result)),
    section('runs', 'Runs', leftOut > 0 && h('p', { class: 'cut' }, `Transcripts of ${number(leftOut)} runs are left out to keep this file small; the records hold them.`), list)),
  h('footer', {}, h('details', {}, h('summary', {}, 'Description under test'), h('p', {}, result.description))),
)
