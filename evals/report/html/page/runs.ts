import type { ReportData } from '../data.ts'
import type { AgentResult, ResultRow } from '../../../agents/result.ts'
import { h, scroller } from './dom.ts'
import { outcomeOf, outcomes, type Outcome } from './outcome.ts'
import { dollars, groupKey, groupName, number, seconds, skillName } from './text.ts'
import { openTranscript } from './transcript.ts'

/** Which runs are listed; an empty text is no condition, nor is `undefined`. */
export interface Filter {
  text: string
  group: string
  symptom: string
  split: string
  outcome: string
  expected?: string | null
  loaded?: string | null
}

interface Run {
  row: ResultRow
  prompt: AgentResult['prompts'][number]
  outcome: Outcome
  words: string
}

const none: Filter = { text: '', group: '', symptom: '', split: '', outcome: '' }
const step = 100

/** The list of runs with its filters; `show` sets them from elsewhere on the page. */
export function runList(data: ReportData): { element: HTMLElement; show: (filter: Partial<Filter>) => void } {
  const { groups, prompts, rows, skill } = data.result
  const byId = new Map(prompts.map((prompt) => [prompt.id, prompt]))
  const runs = rows.flatMap((row): Run[] => {
    const prompt = byId.get(row.prompt)
    if (!prompt) return []
    return [{ row, prompt, outcome: outcomeOf(row, prompt, skill), words: `${prompt.id} ${prompt.query} ${row.loads.join(' ')}`.toLowerCase() }]
  })
  let [filter, shown]: [Filter, number] = [none, step]
  const symptoms = [...new Set(prompts.flatMap(({ symptom }) => symptom ?? []))].sort()
  const fields = {
    text: h('input', { id: 'filter-text', type: 'search', input: changed }),
    group: choice('group', groups.map((group) => [groupKey(group), groupName(group)])),
    symptom: choice('symptom', symptoms.map((name) => [name, name])),
    split: choice('split', [['train', 'train'], ['validation', 'validation']]),
    outcome: choice('outcome', outcomes.map((name) => [name, name])),
  }
  const labels = { text: 'Words in prompt or id', group: 'Client, arm', symptom: 'Symptom', split: 'Split', outcome: 'Outcome' }
  const status = h('p', { role: 'status' })
  const body = h('tbody')
  const more = h('button', { type: 'button', click: () => draw((shown += step)) }, `Show ${step} more`)
  const element = h('div', {},
    h('form', { class: 'filters', role: 'search', 'aria-label': 'Filter runs', submit: (event) => event.preventDefault() },
      ...Object.entries(fields).map(([name, field]) => h('div', {}, h('label', { for: field.id }, labels[name as keyof typeof labels]), field)),
      h('button', { type: 'button', click: () => show({}) }, 'Clear')),
    status,
    scroller('List of runs', h('table', { class: 'runs' },
      h('thead', {}, h('tr', {}, ...['Prompt', 'Client, arm', 'Run', 'Outcome', 'Loaded', 'References', 'Tokens', 'Cost', 'Time'].map((name) => h('th', { scope: 'col' }, name)))),
      body)),
    more)
  draw(shown)
  return { element, show }

  function choice(name: string, options: [value: string, text: string][]): HTMLSelectElement {
    return h('select', { id: `filter-${name}`, change: changed }, h('option', { value: '' }, 'all'), ...options.map(([value, text]) => h('option', { value }, text)))
  }

  function changed(): void {
    const values = Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, field.value]))
    filter = { ...none, ...values }
    draw((shown = step))
  }

  function show(wanted: Partial<Filter>): void {
    filter = { ...none, ...wanted }
    for (const [name, field] of Object.entries(fields)) field.value = String(filter[name as keyof typeof fields])
    draw((shown = step))
    element.parentElement?.scrollIntoView({ behavior: matchMedia('(prefers-reduced-motion: reduce)').matches ? 'auto' : 'smooth' })
    fields.text.focus({ preventScroll: true })
  }

  function draw(limit: number): void {
    const found = runs.filter((run) => matches(run, filter))
    body.replaceChildren(...found.slice(0, limit).map((run) => line(run, data)))
    more.hidden = found.length <= limit
    const pair = filter.expected === undefined ? '' : `, ${skillName(filter.expected)} expected and ${skillName(filter.loaded ?? null)} loaded`
    status.textContent = `${number(found.length)} of ${number(runs.length)} runs${pair}${found.length > limit ? `, the first ${limit} are listed` : ''}`
  }
}

function matches({ row, prompt, outcome, words }: Run, { text, group, symptom, split, outcome: wanted, expected, loaded }: Filter): boolean {
  return (group === '' || groupKey(row) === group)
    && (symptom === '' || prompt.symptom === symptom)
    && (split === '' || prompt.split === split)
    && (wanted === '' || outcome === wanted)
    && (expected === undefined || (prompt.expected_skill === expected && row.loaded === loaded))
    && text.toLowerCase().split(/\s+/).every((word) => words.includes(word))
}

function line({ row, prompt, outcome }: Run, data: ReportData): HTMLElement {
  const open = () => openTranscript({ row, prompt, outcome, transcript: data.transcripts[row.key] })
  return h('tr', {},
    h('th', { scope: 'row' },
      h('button', { type: 'button', class: 'prompt', 'aria-haspopup': 'dialog', click: open }, prompt.query), h('small', {}, `${prompt.id}, ${prompt.symptom ?? 'negative'}, ${prompt.split}`)),
    h('td', {}, groupName(row)), h('td', {}, row.run),
    h('td', {}, h('span', { class: `outcome ${outcome.replace(' ', '-')}` }, outcome), row.unusable && h('small', {}, row.unusable.kind)),
    h('td', {}, row.unusable ? '–' : row.loads.join(', ') || '(none)'),
    h('td', {}, row.unusable ? '–' : row.references ? row.references.join(', ') || '(none)' : 'unknown'),
    h('td', {}, number(row.tokens.input + row.tokens.output)), h('td', {}, row.cost === undefined ? '–' : dollars(row.cost)), h('td', {}, seconds(row.duration)))
}
