import { paint } from '../../../scripts/core/reporters/pretty.ts'
import type { AgentCheck, AgentResult, AgentVerdict, Group } from '../../agents/result.ts'
import { limitOf, percent, short, table } from '../format.ts'

const maxConfusions = 12
const colors = { PASS: 'green', FAIL: 'red', INCONCLUSIVE: 'yellow' } as const

/** The result for a person: one table of all clients and arms, then each one's doubts, checks and verdict. */
export function terminal(result: AgentResult, { verbose = false, color = false } = {}): string {
  const { skill, neighbours, prompts, runs, notes, groups, verdict } = result
  return [
    `${skill}: ${prompts.length} prompts × ${runs} runs, alone (isolated) and among ${neighbours} other skills (crowded)`,
    ...notes.map((note) => paint('yellow', `note: ${note}`, color)),
    '',
    ...overview(groups),
    ...groups.flatMap((group) => ['', ...details(result, group, verbose, color)]),
    '',
    paint(colors[verdict], verdict, color),
  ].join('\n')
}

/** `claude-code 2.1.331, claude-opus, crowded`. */
export function titleOf({ client, clientVersion, model, arm }: Group): string {
  return [`${client} ${clientVersion}`, model, arm].filter(Boolean).join(', ')
}

/** A check as one line without its verdict: what was measured, what is due, how many runs more would decide. */
export function checkLine({ what, measured, kind, limit, verdict, moreRuns }: AgentCheck): string {
  const due = limitOf({ kind, limit })
  if (verdict !== 'INCONCLUSIVE') return `${what} ${percent(measured)}, ${due} is due`
  const more = moreRuns === null ? '' : `; about ${moreRuns.toLocaleString('en')} independent runs more would decide`
  return `${what} ${percent(measured)}, ${due} is due${more}`
}

function overview(groups: Group[]): string[] {
  const row = (title: string, cell: (group: Group) => string) => [title, ...groups.map(cell)]
  return table([
    row('', ({ client, arm }) => `${client} ${arm}`),
    row('runs with an answer', ({ completion }) => `${completion.hits}/${completion.total}`),
    row('recall', ({ recall }) => short(recall)),
    row('false loads', ({ falseLoads }) => short(falseLoads)),
    row('right skill, or none', ({ rightSkill }) => short(rightSkill)),
    row('references found', ({ references }) => short(references.recall)),
    row('right of those read', ({ references }) => short(references.precision)),
    row('tokens in, median', ({ tokens }) => Math.round(tokens.input.median).toLocaleString('en')),
    row('tokens out, median', ({ tokens }) => Math.round(tokens.output.median).toLocaleString('en')),
    row('US $ a run', ({ cost }) => (cost ? cost.mean.toFixed(4) : '–')),
    row('seconds, median', ({ duration }) => (duration.median / 1000).toFixed(1)),
    row('verdict', ({ verdict }) => verdict),
  ])
}

function details(result: AgentResult, group: Group, verbose: boolean, color: boolean): string[] {
  const { checks, unusable, symptoms, skills, verdict } = group
  const shown = checks.filter(({ id, verdict: one }) => verbose || one === 'FAIL' || !id.startsWith('symptom.'))
  return [
    `${titleOf(group)}: ${paint(colors[verdict], verdict, color)}`,
    ...shown.map((check) => `  ${mark(check.verdict)}  ${checkLine(check)}`),
    ...unusable.map(({ kind, runs, example }) => `  ${runs} of ${group.completion.total} runs say nothing, ${kind}: ${example}`),
    '',
    ...table([
      ['symptom', 'recall', 'references found', 'right of those read'],
      ...symptoms.map(({ symptom, recall, references }) => [symptom, percent(recall), short(references.recall), short(references.precision)]),
    ]),
    ...(group.arm === 'isolated' ? [] : ['', ...table([
      ['skill', 'recall', 'false loads'],
      ...skills.filter(({ recall, falseLoads }) => verbose || recall.total > 0 || falseLoads.hits > 0)
        .map(({ name, recall, falseLoads }) => [name, percent(recall), percent(falseLoads)]),
    ])]),
    ...confusions(group, verbose),
    ...(verbose ? misses(result, group) : []),
  ]
}

function confusions({ confusion }: Group, all: boolean): string[] {
  const wrong = confusion.filter(({ expected, loaded }) => expected !== loaded)
  if (wrong.length === 0) return []
  const shown = all ? wrong : wrong.slice(0, maxConfusions)
  return [
    '',
    ...table([['expected', 'loaded', 'runs'], ...shown.map(({ expected, loaded, runs }) => [expected ?? '(none)', loaded ?? '(none)', String(runs)])], [0, 1]),
    ...(shown.length < wrong.length ? [`  … and ${wrong.length - shown.length} more pairs; see --verbose`] : []),
  ]
}

/** Every run that went wrong or says nothing, with the name of its record. */
function misses({ rows, prompts, skill }: AgentResult, group: Group): string[] {
  const byId = new Map(prompts.map((prompt) => [prompt.id, prompt]))
  const own = rows.filter(({ client, arm, model }) => client === group.client && arm === group.arm && model === group.model)
  const lines = own.flatMap((row) => {
    const prompt = byId.get(row.prompt)!
    const query = [...prompt.query.replace(/\s+/g, ' ')].slice(0, 90).join('')
    const name = `${row.prompt} run ${row.run}`
    if (row.unusable) return [`  unusable    ${name}: ${row.unusable.kind}: ${row.unusable.message}`]
    if ((row.loaded === skill) === prompt.should_trigger) return []
    return [`  ${prompt.should_trigger ? 'missed    ' : 'false load'}  ${name}, loaded ${row.loaded ?? 'nothing'} (${row.key}): ${query}`]
  })
  return lines.length > 0 ? ['', ...lines] : []
}

function mark(verdict: AgentVerdict): string {
  return { PASS: 'met         ', FAIL: 'not met     ', INCONCLUSIVE: 'inconclusive' }[verdict]
}
