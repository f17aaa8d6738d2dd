import type { Prompt } from '../../scripts/core/triggers.ts'
import { compare, type Comparison, type Majority } from '../compare/compare.ts'
import type { Side } from '../compare/side.ts'
import { mcnemar } from '../intervals.ts'
import type { SkillCard } from '../clients/client.ts'
import { problemOf } from './description.ts'
import type { Attempt, Failure, Proposer } from './propose.ts'
import { checkSplit } from './split.ts'

export interface OptimizeOptions {
  skill: SkillCard
  prompts: Prompt[]
  /** Fewest prompts of each symptom and side in each split. */
  minimum: number
  /** Proposals that are tried. */
  rounds: number
  /** File of the prompts, for messages. */
  file: string
  /** What a client makes of the prompts of a split with another description. */
  score(description: string, split: Prompt['split']): Promise<Side>
  propose: Proposer
  onStep?: (what: string) => void
}

export interface Optimization {
  version: 1
  kind: 'optimization'
  skill: string
  /** `improved`: validation confirms the gain. */
  outcome: 'improved' | 'left alone'
  reason: string
  before: string
  /** The best description on train, when it differs from the one before. */
  after?: string
  /** Right prompts on train, `tried` in order. */
  train: { prompts: number; before: number; after: number }
  tried: Attempt[]
  /** Prompts that changed on validation, all together, and by side. */
  validation?: { gained: number; lost: number; p: number; comparison: Comparison }
}

/**
 * Look for a better description on train and judge the best one on validation, once. It counts as better only when an
 * exact McNemar test over all validation prompts says p ≤ 0.05 and neither recall nor false loads became worse.
 * Throws `UsageError` for a degenerate split.
 */
export async function optimize({ skill, prompts, minimum, rounds, file, score, propose, onStep }: OptimizeOptions): Promise<Optimization> {
  checkSplit(prompts, minimum, file)
  const train = prompts.filter(({ split }) => split === 'train')
  const judge = async (description: string) => {
    const failures = failuresOf(await score(description, 'train'), train, skill.name)
    return { description, ...failures }
  }
  onStep?.('the description as it is, on train')
  const before = await judge(skill.description)
  let best = before
  const tried: Attempt[] = [{ description: before.description, right: before.right }]
  for (let round = 1; round <= rounds && best.failures.length > 0; round++) {
    onStep?.(`proposal ${round}`)
    const description = await propose({ skill: { ...skill, description: best.description }, failures: best.failures, tried })
    if (description === undefined || tried.some((one) => one.description === description)) break
    const problem = problemOf(description)
    const judged = problem === undefined ? await judge(description) : undefined
    tried.push({ description, ...(judged ? { right: judged.right } : { problem: problem! }) })
    if (judged && judged.right > best.right) best = judged
  }
  const told = {
    version: 1 as const, kind: 'optimization' as const, skill: skill.name, before: skill.description, tried,
    train: { prompts: train.length, before: before.right, after: best.right },
  }
  if (before.failures.length === 0) return { ...told, outcome: 'left alone', reason: 'no train prompt went wrong' }
  if (best === before) return { ...told, outcome: 'left alone', reason: 'no proposal did better on train' }
  onStep?.('both on validation')
  const comparison = compare(await score(skill.description, 'validation'), await score(best.description, 'validation'))
  return { ...told, after: best.description, ...verdictOn(comparison) }
}

function verdictOn(comparison: Comparison): Pick<Optimization, 'outcome' | 'reason' | 'validation'> {
  const measures = comparison.groups.flatMap((group) => group.measures)
  const sum = (field: 'gained' | 'lost') => measures.reduce((total, { pairs }) => total + pairs[field], 0)
  const [gained, lost] = [sum('gained'), sum('lost')]
  const p = Math.round(mcnemar(gained, lost) * 1e6) / 1e6
  const validation = { gained, lost, p, comparison }
  const worse = measures.find(({ verdict }) => verdict === 'worse')
  if (worse) return { outcome: 'left alone', reason: `on validation ${worse.id === 'recall' ? 'recall' : 'the number of false loads'} became worse`, validation }
  if (measures.some(({ pairs, unclear }) => unclear > (pairs.both + pairs.lost + pairs.gained + pairs.neither) / 9))
    return { outcome: 'left alone', reason: 'more than one in ten validation prompts have no clear answer on both sides', validation }
  const change = `${gained} validation prompts gained, ${lost} lost, p ${p < 0.001 ? '< 0.001' : `= ${p.toFixed(3)}`}`
  return gained > lost && p <= 0.05
    ? { outcome: 'improved', reason: change, validation }
    : { outcome: 'left alone', reason: `the gain is within noise: ${change}`, validation }
}

/** How many train prompts most runs got right, and those that most runs got wrong. */
function failuresOf({ groups, skill }: Side, train: Prompt[], ours: string): { right: number; failures: Failure[] } {
  let right = 0
  const failures: Failure[] = []
  for (const { id, query, should_trigger, expected_skill } of train) {
    const loads = groups.flatMap(({ runs }) => runs.get(id) ?? []).filter((one) => one !== null)
    const hits = loads.filter((one) => (one === skill) === should_trigger).length
    const majority: Majority = loads.length === 0 ? 'none' : 2 * hits > loads.length ? 'right' : 2 * hits < loads.length ? 'wrong' : 'undecided'
    if (majority === 'right') right++
    if (majority === 'wrong')
      failures.push({ query, kind: should_trigger ? 'missed' : 'false load', expected: expected_skill, loaded: should_trigger ? most(loads) : ours })
  }
  return { right, failures }
}

function most(loads: string[]): string | null {
  const [top] = [...Map.groupBy(loads, (name) => name)].sort(([, a], [, b]) => b.length - a.length)
  return top?.[0] || null
}
