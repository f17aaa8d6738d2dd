import type { AgentResult, Group, Share } from '../../agents/result.ts'
import { percent, short } from '../format.ts'
import { checkLine, titleOf } from './terminal.ts'

const icons = { PASS: '✅', FAIL: '❌', INCONCLUSIVE: '❔' } as const

/** The result as Markdown for a job summary: append it to the file that `GITHUB_STEP_SUMMARY` names. */
export function github({ skill, prompts, runs, neighbours, notes, groups, verdict }: AgentResult): string {
  return [
    `## ${icons[verdict]} Evals of ${cell(skill)}: ${verdict}`,
    '',
    `${prompts.length} prompts × ${runs} runs, alone and among ${neighbours} other skills.`,
    ...notes.map((note) => `\n> ${cell(note)}`),
    '',
    ...markdownTable([
      ['Client', 'Verdict', 'Answered', 'Recall', 'False loads', 'References found', 'Right of those read', 'Tokens in', 'US $ a run'],
      ...groups.map((group) => [
        titleOf(group), `${icons[group.verdict]} ${group.verdict}`, `${group.completion.hits}/${group.completion.total}`, interval(group.recall),
        interval(group.falseLoads), short(group.references.recall), short(group.references.precision),
        Math.round(group.tokens.input.mean).toLocaleString('en'), group.cost ? group.cost.mean.toFixed(4) : '–',
      ]),
    ]),
    ...groups.flatMap(section),
    '',
  ].join('\n')
}

function section(group: Group): string[] {
  const wrong = group.confusion.filter(({ expected, loaded }) => expected !== loaded).slice(0, 10)
  const open = group.checks.filter(({ verdict }) => verdict !== 'PASS')
  return [
    '', `<details><summary>${cell(titleOf(group))}</summary>`, '',
    ...open.map((check) => `- ${icons[check.verdict]} ${cell(checkLine(check))}`),
    ...group.unusable.map(({ kind, runs, example }) => `- ${runs} runs say nothing, ${kind}: ${cell(example)}`),
    ...(open.length + group.unusable.length > 0 ? [''] : []),
    ...markdownTable([['Symptom', 'Recall', 'References found'], ...group.symptoms.map(({ symptom, recall, references }) => [symptom, percent(recall), short(references.recall)])]),
    ...(wrong.length > 0
      ? ['', ...markdownTable([['Expected', 'Loaded', 'Runs'], ...wrong.map(({ expected, loaded, runs }) => [expected ?? '(none)', loaded ?? '(none)', String(runs)])])]
      : []),
    '', '</details>',
  ]
}

function markdownTable([head, ...rows]: string[][]): string[] {
  const line = (cells: string[]) => `| ${cells.map(cell).join(' | ')} |`
  return [line(head!), `|${' --- |'.repeat(head!.length)}`, ...rows.map(line)]
}

const interval = (share: Share): string => (share.rate === null ? '–' : `${short(share)} (${(share.low * 100).toFixed(0)}–${(share.high * 100).toFixed(0)})`)

/** Text that neither breaks a table nor becomes markup. */
function cell(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/[\\`*_{}[\]<>|#&]/g, (sign) => `&#${sign.charCodeAt(0)};`)
}
