import { paint } from '../../scripts/core/reporters/pretty.ts'
import type { EvalResult } from '../run-evals.ts'
import { isAnswered, isMiss, type SkillScore, type SplitScore } from '../score.ts'
import type { Check } from '../thresholds.ts'
import { limitOf, percent, short, table } from './format.ts'

const maxConfusions = 12
const maxSummarySkills = 6

/** The result for a person: numbers, tables, thresholds, verdict; with `verbose` every miss. */
export function terminal(result: EvalResult, { verbose = false, color = false } = {}): string {
  const { client, skill, neighbours, score, notes } = result
  return [
    `${skill} among ${neighbours} other skills, ${client.name} client (${client.about})`,
    ...notes.map((note) => paint('yellow', `note: ${note}`, color)),
    '',
    ...splitTable(result),
    '',
    ...table([
      ['symptom', 'recall', 'references found', 'right of those read'],
      ...score.all.symptoms.map(({ symptom, recall, references }) => [
        symptom,
        count(recall),
        count(references.recall),
        count(references.precision),
      ]),
    ]),
    '',
    ...table([
      ['skill', 'recall', 'false loads'],
      ...score.all.skills.map(({ name, recall, falseLoads }) => [name, count(recall), count(falseLoads)]),
    ]),
    '',
    ...confusionTable(score.all, verbose),
    ...(verbose ? ['', ...misses(result)] : []),
    '',
    ...thresholdLines(result, verbose),
    verdictLine(result, color),
  ].join('\n')
}

/** At most twelve lines for `npm run check`: recall and false loads per skill, ours first, then the worst. */
export function summaryLines(result: EvalResult, color = false): string[] {
  const { skill, neighbours, client } = result
  const { all } = result.score
  const [ours, ...others] = all.skills.filter(({ recall }) => recall.total > 0)
  const shown = others.slice(0, maxSummarySkills)
  const rest = others.length - shown.length
  return [
    `${all.prompts} prompts, ${skill} among ${neighbours} other skills, ${client.name} client (${client.about})`,
    ...table([
      ['skill', 'recall', 'false loads'],
      ...[ours, ...shown].flatMap((one) => (one ? [skillCells(one)] : [])),
    ]),
    ...(rest > 0
      ? [`  … and ${rest} more with ${short(shown.at(-1)!.recall)} recall or better; see npm run evals`]
      : []),
    `references found ${short(all.references.recall)}, right of those read ${short(all.references.precision)}`,
    verdictLine(result, color),
  ]
}

function skillCells({ name, recall, falseLoads }: SkillScore): string[] {
  return [name, percent(recall), percent(falseLoads)]
}

function splitTable({ score: { train, validation, all }, split }: EvalResult): string[] {
  const columns = split === 'all' && train && validation ? { train, validation } : { [split]: all }
  const row = (title: string, rate: (score: SplitScore) => string) => [title, ...Object.values(columns).map(rate)]
  return table([
    ['', ...Object.keys(columns)],
    row('prompts answered', ({ completion }) => `${completion.hits}/${completion.total}`),
    row('recall', ({ recall }) => percent(recall)),
    row('false loads', ({ falseLoads }) => percent(falseLoads)),
    row('right skill, or none', ({ rightSkill }) => percent(rightSkill)),
    row('references found', ({ references }) => percent(references.recall)),
    row('right of those read', ({ references }) => percent(references.precision)),
  ])
}

function confusionTable({ confusion }: SplitScore, all: boolean): string[] {
  const wrong = confusion.filter(({ expected, loaded }) => expected !== loaded)
  const shown = all ? wrong : wrong.slice(0, maxConfusions)
  return [
    ...table(
      [
        ['expected', 'loaded', 'prompts'],
        ...shown.map(({ expected, loaded, prompts }) => [expected ?? '(none)', loaded ?? '(none)', String(prompts)]),
      ],
      [0, 1],
    ),
    ...(shown.length < wrong.length ? [`  … and ${wrong.length - shown.length} more pairs; see --verbose`] : []),
  ]
}

function misses({ rows, skill }: EvalResult): string[] {
  return rows.flatMap((row) => {
    const { id, query } = row.prompt
    const text = [...query.replace(/\s+/g, ' ')].slice(0, 100).join('')
    if (!isAnswered(row)) return [`  unusable    ${id}: ${row.unusable}`]
    if (!isMiss(row, skill)) return []
    return [
      `  ${row.prompt.should_trigger ? 'missed    ' : 'false load'}  ${id}: ${text}`,
      `              ${row.why ?? `loaded ${row.loaded ?? 'nothing'}`}`,
    ]
  })
}

function thresholdLines({ checks }: EvalResult, verbose: boolean): string[] {
  const line = (check: Check) =>
    `  ${check.met ? 'met    ' : 'not met'}  ${check.what}: ${percent(check.measured)}, ${limitOf(check)} is due`
  return checks.filter(({ id, met }) => verbose || !met || !id.startsWith('symptom.')).map(line)
}

function verdictLine({ checks, verdict }: EvalResult, color: boolean): string {
  const missed = checks.filter(({ met }) => !met)
  switch (verdict) {
    case 'pass':
      return `thresholds: ${checks.length} of ${checks.length} met: ${paint('green', 'passed', color)}`
    case 'fail': {
      const failed = paint('red', 'failed', color)
      return `thresholds: ${missed.length} of ${checks.length} not met (${listOf(missed)}): ${failed}`
    }
    case 'inconclusive':
      return `too few prompts were answered to decide anything: ${paint('red', 'inconclusive', color)}`
  }
}

function listOf(checks: Check[]): string {
  const ids = checks.map(({ id }) => id)
  return ids.length > 4 ? `${ids.slice(0, 4).join(', ')} …` : ids.join(', ')
}

function count({ hits, total }: { hits: number; total: number }): string {
  return total === 0 ? '–' : `${hits}/${total}`
}
