import { UsageError } from '../../scripts/core/config.ts'
import { mcnemar } from '../intervals.ts'
import { holm, pairedDifference, type Pairs } from './paired.ts'
import { pairGroups } from './pair-groups.ts'
import type { ComparedPrompt, Side, SideGroup } from './side.ts'

export type Verdict = 'better' | 'worse' | 'no difference shown' | 'INCONCLUSIVE'

/** What the runs of one prompt came to on one side. `undecided`: as many right as wrong. `none`: no run says anything. */
export type Majority = 'right' | 'wrong' | 'undecided' | 'none'

export interface PromptChange extends ComparedPrompt {
  change: 'gained' | 'lost' | 'unclear'
  a: Told
  b: Told
}

export interface Told {
  majority: Majority
  right: number
  /** Runs that say something. */
  runs: number
  /** What loaded in them. */
  loaded: string[]
}

export interface Measure {
  /** `recall`: prompts that should load the skill. `left-alone`: prompts that should not. */
  id: 'recall' | 'left-alone'
  verdict: Verdict
  /** Prompts that both sides decided. */
  pairs: Pairs
  /** Prompts in both sides of which one has equal votes, or no run that says anything. */
  unclear: number
  /** Exact McNemar on the prompts, and corrected for the number of measures (Holm). */
  p: number
  adjusted: number
  difference: { difference: number | null; low: number; high: number }
}

export interface GroupComparison {
  client: string
  models: [a: string | null, b: string | null]
  arm: string
  verdict: Verdict
  measures: Measure[]
  changes: PromptChange[]
}

export interface Comparison {
  version: 1
  kind: 'comparison'
  a: Pick<Side, 'label' | 'skill' | 'description'>
  b: Pick<Side, 'label' | 'skill' | 'description'>
  /** Differences smaller than this do not matter. */
  margin: number
  verdict: Verdict
  notes: string[]
  onlyInA: string[]
  onlyInB: string[]
  groups: GroupComparison[]
}

/** Less than this share of the prompts with an answer on both sides decides nothing. */
const minimumAnswered = 0.9

/**
 * What changed from A to B, prompt by prompt. A prompt is right when most of its runs are; prompts are the unit, since
 * runs of one prompt resemble each other. Better or worse needs p ≤ 0.05 after Holm's correction over all measures;
 * "no difference shown" needs an interval within ± `margin`. Throws `UsageError` when the sides cannot be compared.
 */
export function compare(a: Side, b: Side, margin = 0.1): Comparison {
  const common = [...a.prompts.values()].filter(({ id }) => b.prompts.has(id))
  if (common.length === 0) throw new UsageError(`${a.label} and ${b.label} share no prompt; compare results of the same prompts`)
  const other = common.filter((prompt) => !same(prompt, b.prompts.get(prompt.id)!))
  if (other.length > 0)
    throw new UsageError(`${a.label} and ${b.label} mean different prompts by ${other[0]!.id}${other.length > 1 ? ` and ${other.length - 1} other ids` : ''}; compare results of the same prompts`)
  const { pairs, notes } = pairGroups(a, b)
  if (pairs.length === 0) throw new UsageError(`${a.label} and ${b.label} share no client and arm; compare results of the same clients`)
  const measured = pairs.map(([x, y]) => measure(common, [x, a.skill], [y, b.skill]))
  const adjusted = holm(measured.flatMap(({ measures }) => measures.map(({ p }) => p)))
  const groups = measured.map(({ measures, ...group }): GroupComparison => {
    const judged = measures.map((one): Measure => ({ ...one, ...judge(one, adjusted.shift()!, margin, group.control) }))
    const { control: _, ...rest } = group
    return { ...rest, measures: judged, verdict: worst(judged.map(({ verdict }) => verdict)) }
  })
  const head = ({ label, skill, description }: Side) => ({ label, skill, ...(description !== undefined && { description }) })
  const ids = (from: Side, to: Side) => [...from.prompts.keys()].filter((id) => !to.prompts.has(id))
  return {
    version: 1, kind: 'comparison', a: head(a), b: head(b), margin, verdict: worst(groups.map(({ verdict }) => verdict)),
    notes, onlyInA: ids(a, b), onlyInB: ids(b, a), groups,
  }
}

/** One "worse" decides, then one "better", then doubt. */
export function worst(verdicts: Verdict[]): Verdict {
  return (['worse', 'better', 'INCONCLUSIVE'] as const).find((one) => verdicts.includes(one)) ?? 'no difference shown'
}

function same(a: ComparedPrompt, b: ComparedPrompt): boolean {
  return a.should_trigger === b.should_trigger && (a.query === undefined || b.query === undefined || a.query === b.query)
}

type Measured = Omit<Measure, 'verdict' | 'adjusted'>

function measure(prompts: ComparedPrompt[], [a, skillA]: [SideGroup, string], [b, skillB]: [SideGroup, string]) {
  const told = prompts.map((prompt) => ({ prompt, a: tell(a, prompt, skillA), b: tell(b, prompt, skillB) }))
  const measures = ([['recall', true], ['left-alone', false]] as const).flatMap(([id, positive]): Measured[] => {
    const part = told.filter(({ prompt }) => prompt.should_trigger === positive)
    if (part.length === 0) return []
    const count = (x: Majority, y: Majority) => part.filter((one) => one.a.majority === x && one.b.majority === y).length
    const pairs = { both: count('right', 'right'), lost: count('right', 'wrong'), gained: count('wrong', 'right'), neither: count('wrong', 'wrong') }
    const decided = pairs.both + pairs.lost + pairs.gained + pairs.neither
    return [{ id, pairs, unclear: part.length - decided, p: round(mcnemar(pairs.gained, pairs.lost)), difference: pairedDifference(pairs) }]
  })
  const changes = told.flatMap(({ prompt, ...sides }): PromptChange[] =>
    sides.a.majority === sides.b.majority ? [] : [{ ...prompt, change: changeOf(sides.a.majority, sides.b.majority), ...sides }])
  return { client: a.client, models: [a.model, b.model] as [string | null, string | null], arm: a.arm, control: a.control && b.control, measures, changes }
}

function tell({ runs }: SideGroup, { id, should_trigger }: ComparedPrompt, skill: string): Told {
  const loaded = (runs.get(id) ?? []).filter((one) => one !== null)
  const right = loaded.filter((one) => (one === skill) === should_trigger).length
  const majority = loaded.length === 0 ? 'none' : 2 * right === loaded.length ? 'undecided' : 2 * right > loaded.length ? 'right' : 'wrong'
  return { majority, right, runs: loaded.length, loaded }
}

function changeOf(a: Majority, b: Majority): PromptChange['change'] {
  if (a === 'wrong' && b === 'right') return 'gained'
  return a === 'right' && b === 'wrong' ? 'lost' : 'unclear'
}

function judge({ pairs, unclear, difference: { low, high } }: Measured, adjusted: number, margin: number, control: boolean): Pick<Measure, 'verdict' | 'adjusted'> {
  const decided = pairs.both + pairs.lost + pairs.gained + pairs.neither
  const enough = control && decided > 0 && decided / (decided + unclear) >= minimumAnswered
  const differs = adjusted <= 0.05 ? (pairs.gained > pairs.lost ? 'better' : 'worse') : undefined
  const verdict = !enough ? 'INCONCLUSIVE' : (differs ?? (low >= -margin && high <= margin ? 'no difference shown' : 'INCONCLUSIVE'))
  return { verdict, adjusted: round(adjusted) }
}

/** Six digits, so that reports compare byte for byte. */
const round = (value: number): number => Math.round(value * 1e6) / 1e6
