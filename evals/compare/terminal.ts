import { paint } from '../../scripts/core/reporters/pretty.ts'
import { table } from '../report/format.ts'
import type { Comparison, GroupComparison, Measure, PromptChange, Told, Verdict } from './compare.ts'

const maxListed = 15
const colors: Record<Verdict, 'green' | 'red' | 'yellow'> = { better: 'green', worse: 'red', 'no difference shown': 'green', INCONCLUSIVE: 'yellow' }
const names: Record<Measure['id'], string> = { recall: 'should load', 'left-alone': 'should not load' }

/** The comparison for a person: verdicts, then the prompts that changed; `verbose` lists all of them. */
export function terminal(comparison: Comparison, { verbose = false, color = false } = {}): string {
  const { a, b, notes, onlyInA, onlyInB, groups, verdict, margin } = comparison
  const lonely = ([[a, onlyInA], [b, onlyInB]] as const).filter(([, ids]) => ids.length > 0)
  const count = groups.flatMap(({ measures }) => measures).length
  return [
    `A: ${a.label}`,
    `B: ${b.label}`,
    ...notes.map((note) => paint('yellow', `note: ${note}`, color)),
    ...lonely.map(([{ label }, ids]) => paint('yellow', `note: ${ids.length} prompts are in ${label} only and left out: ${some(ids, verbose ? Infinity : 5)}`, color)),
    '',
    ...table([
      ['client, arm', 'prompts that', 'A right', 'B right', 'gained', 'lost', 'unclear', 'difference, 95 %', 'p', 'verdict'],
      ...groups.flatMap((group) => group.measures.map((measure) => cells(group, measure))),
    ], [0, 1, 9]),
    ...groups.flatMap((group) => changeLines(group, verbose)),
    '',
    `each prompt is one vote, by most of its runs; p: McNemar's exact test${count > 1 ? `, corrected for ${count} measures` : ''}; less than ${points(margin)} points do not matter`,
    `from A to B: ${paint(colors[verdict], verdict, color)}`,
  ].join('\n')
}

function cells({ client, arm }: GroupComparison, { id, verdict, pairs, unclear, adjusted, difference }: Measure): string[] {
  const n = pairs.both + pairs.lost + pairs.gained + pairs.neither
  const interval = difference.difference === null ? '–' : `${signed(difference.difference)} (${signed(difference.low)} to ${signed(difference.high)})`
  return [
    `${client}, ${arm}`, names[id], `${pairs.both + pairs.lost}/${n}`, `${pairs.both + pairs.gained}/${n}`, `+${pairs.gained}`, `−${pairs.lost}`,
    String(unclear), interval, adjusted < 0.001 ? '<0.001' : adjusted.toFixed(3), verdict,
  ]
}

function changeLines({ client, arm, changes }: GroupComparison, verbose: boolean): string[] {
  return (['lost', 'gained', 'unclear'] as const).flatMap((kind) => {
    const found = changes.filter(({ change }) => change === kind)
    if (found.length === 0) return []
    const shown = verbose ? found : found.slice(0, maxListed)
    return [
      '', `${client}, ${arm}: ${kind}`, ...shown.map(line),
      ...(shown.length < found.length ? [`  … and ${found.length - shown.length} more; see --verbose`] : []),
    ]
  })
}

function line({ id, query, should_trigger, a, b }: PromptChange): string {
  const text = query === undefined ? '' : `: ${[...query.replace(/\s+/g, ' ')].slice(0, 90).join('')}`
  return `  ${id}${text}\n    ${should_trigger ? 'should load' : 'should not load'}; A ${told(a)}; B ${told(b)}`
}

function told({ right, runs, loaded }: Told): string {
  if (runs === 0) return 'has no usable run'
  return `${right}/${runs} right (${[...new Set(loaded)].map((name) => name || 'nothing').join(', ')})`
}

const points = (value: number): string => (value * 100).toFixed(0)
const signed = (value: number): string => `${value < 0 ? '−' : '+'}${Math.abs(value * 100).toFixed(1)}`
const some = (ids: string[], limit: number): string => (ids.length > limit ? `${ids.slice(0, limit).join(', ')} …` : ids.join(', '))
