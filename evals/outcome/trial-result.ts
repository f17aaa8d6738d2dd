import { clusteredRate, newcombe, type ClusteredRate } from '../intervals.ts'
import { trialArms, type Trial, type TrialArm } from './trial.ts'

/** What one arm of a trial run measured. */
export interface ArmResult {
  runs: number
  /** Runs in which the client failed; they count for nothing else. */
  unusable: number
  /** Share of the basic and of the expert criteria that hold, clustered by task. */
  basic: ClusteredRate
  expert: ClusteredRate
  /** Means over usable runs; `null` without one, and for a cost that no client told. */
  tokens: number | null
  cost: number | null
  /** Milliseconds. */
  duration: number | null
}

export interface TrialResult {
  version: 1
  client: string
  model: string | null
  arms: Partial<Record<TrialArm, ArmResult>>
  /** Expert share, `with` minus `without`, where both arms have usable runs. */
  difference?: { difference: number; low: number; high: number }
  trials: Trial[]
}

/** Sum up trials: shares with 95 % intervals that count tasks and not criteria, tokens, cost, time. */
export function resultOf(client: string, model: string | undefined, trials: Trial[]): TrialResult {
  const arms = Object.fromEntries(trialArms.flatMap((arm) => {
    const own = trials.filter((trial) => trial.arm === arm)
    return own.length > 0 ? [[arm, armOf(own)]] : []
  })) as TrialResult['arms']
  const [a, b] = [arms.without?.expert, arms.with?.expert]
  return {
    version: 1, client, model: model ?? null, arms, trials,
    ...(a?.rate != null && b?.rate != null && { difference: newcombe(effective(a), effective(b)) }),
  }
}

/** The result for a person. */
export function trialText({ client, arms, difference, trials }: TrialResult): string {
  const percent = (share: number) => `${(share * 100).toFixed(0)} %`
  const rate = ({ rate, hits, total, low, high }: ClusteredRate) =>
    rate === null ? 'nothing known' : `${hits}/${total} (${percent(rate)}, 95 % ${percent(low)} to ${percent(high)})`
  const lines = Object.entries(arms).map(([arm, one]) => [
    `${client}, ${arm} the bundle: ${one.runs} runs${one.unusable > 0 ? `, ${one.unusable} unusable` : ''}`,
    `  basic criteria   ${rate(one.basic)}`,
    `  expert criteria  ${rate(one.expert)}`,
    ...(one.tokens === null ? [] : [`  per run          ${Math.round(one.tokens)} tokens, ${(one.duration! / 1000).toFixed(0)} s${one.cost === null ? '' : `, $${one.cost.toFixed(2)}`}`]),
  ].join('\n'))
  const failed = trials.flatMap(({ task, arm, failure }) => (failure ? [`  unusable: ${task}, ${arm}: ${failure.kind}: ${failure.message}`] : []))
  return [
    ...lines, ...failed,
    ...(difference ? [`difference of the expert share: ${percent(difference.difference)} (95 % ${percent(difference.low)} to ${percent(difference.high)})`] : []),
  ].join('\n')
}

function armOf(trials: Trial[]): ArmResult {
  const usable = trials.filter(({ verdicts }) => verdicts)
  const share = (tier: 'basic' | 'expert') => clusteredRate([...Map.groupBy(usable, ({ task }) => task).values()].map((own) => {
    const verdicts = own.flatMap(({ verdicts = [] }) => verdicts.filter((one) => one.tier === tier))
    return { hits: verdicts.filter(({ held }) => held).length, total: verdicts.length }
  }))
  return {
    runs: trials.length, unusable: trials.length - usable.length, basic: share('basic'), expert: share('expert'),
    tokens: mean(usable.map(({ tokens }) => tokens.input + tokens.output)),
    cost: mean(usable.flatMap(({ cost }) => cost ?? [])),
    duration: mean(usable.map(({ duration }) => duration)),
  }
}

const effective = ({ rate, effective: total }: ClusteredRate) => ({ hits: rate! * total, total })

const mean = (values: number[]): number | null =>
  values.length === 0 ? null : values.reduce((sum, value) => sum + value, 0) / values.length
