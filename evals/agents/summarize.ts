import type { Prompt } from '../../scripts/core/triggers.ts'
import { agentNames } from '../clients/agent.ts'
import { clusteredRate } from '../intervals.ts'
import { isAnswered, type Answered } from '../score.ts'
import { arms } from './plan.ts'
import type { AgentRow } from './regrade.ts'
import type { Group, Share, Spread, UnusableKind } from './result.ts'

type Summary = Omit<Group, 'verdict' | 'checks' | 'control'>
type AnsweredRow = AgentRow & Answered

/** Rows of one client, model and arm each, in a fixed order. */
export function groupRows(rows: AgentRow[]): AgentRow[][] {
  const place = ([row]: AgentRow[]) => `${agentNames.indexOf(row!.client)} ${row!.model ?? ''} ${arms.indexOf(row!.arm)}`
  return [...Map.groupBy(rows, ({ client, model, arm }) => JSON.stringify([client, model, arm])).values()]
    .sort((a, b) => order(place(a), place(b)))
}

/** Numbers of one group for the skill called `ours` among `skills`; where the expected one is not among them, none is. A run without an answer counts in `completion` alone. */
export function summarize(rows: AgentRow[], ours: string, skills: string[]): Summary {
  const answered = rows.filter((row): row is AnsweredRow => isAnswered(row))
  const positives = answered.filter(({ prompt }) => prompt.should_trigger)
  const loadsOurs = ({ loaded }: AnsweredRow) => loaded === ours
  const costs = answered.flatMap(({ cost }) => cost ?? [])
  const { client, model, arm } = rows[0]!
  const due = ({ expected_skill: name }: Prompt) => (name !== null && skills.includes(name) ? name : null)
  return {
    client, model, arm,
    clientVersion: [...new Set(rows.map(({ clientVersion }) => clientVersion))].sort().join(', '),
    completion: shareOf(rows, isAnswered),
    unusable: unusableOf(rows),
    ...loadsOf(answered, loadsOurs),
    rightSkill: shareOf(answered, ({ prompt, loaded }) => loaded === due(prompt)),
    references: referencesOf(positives),
    splits: (['train', 'validation'] as const).flatMap((split) => {
      const part = answered.filter(({ prompt }) => prompt.split === split)
      return part.length > 0 ? [{ split, ...loadsOf(part, loadsOurs) }] : []
    }),
    skills: skillsOf(answered, ours, skills),
    symptoms: symptomsOf(positives, loadsOurs),
    confusion: confusionOf(answered, due),
    tokens: { input: spreadOf(answered.map(({ tokens }) => tokens.input)), output: spreadOf(answered.map(({ tokens }) => tokens.output)) },
    cost: costs.length > 0 ? spreadOf(costs) : null,
    duration: spreadOf(answered.map(({ duration }) => duration)),
  }
}

/** Share of runs for which `hit` holds; runs of one prompt are a cluster. */
export function shareOf<T extends AgentRow>(rows: T[], hit: (row: T) => boolean): Share {
  return countsOf(rows, (row) => ({ hits: Number(hit(row)), total: 1 }))
}

function countsOf<T extends AgentRow>(rows: T[], count: (row: T) => { hits: number; total: number }): Share {
  const clusters = new Map<string, { hits: number; total: number }>()
  for (const row of rows) {
    const cluster = clusters.get(row.prompt.id) ?? { hits: 0, total: 0 }
    const { hits, total } = count(row)
    cluster.hits += hits
    cluster.total += total
    clusters.set(row.prompt.id, cluster)
  }
  const { rate, low, high, effective, ...rest } = clusteredRate([...clusters.values()])
  return { ...rest, rate: rate === null ? null : round(rate), low: round(low), high: round(high), effective: round(effective) }
}

function loadsOf(answered: AnsweredRow[], loadsOurs: (row: AnsweredRow) => boolean): Pick<Group, 'recall' | 'falseLoads'> {
  return {
    recall: shareOf(answered.filter(({ prompt }) => prompt.should_trigger), loadsOurs),
    falseLoads: shareOf(answered.filter(({ prompt }) => !prompt.should_trigger), loadsOurs),
  }
}

/** Only where ours loaded: without it nothing routes, and that is counted as recall already. */
function referencesOf(positives: AnsweredRow[]): Group['references'] {
  const routed = positives.filter(({ loaded, references, prompt }) =>
    loaded === prompt.expected_skill && references && prompt.references.required.length > 0)
  return {
    recall: countsOf(routed, ({ references, prompt: { references: { required } } }) =>
      ({ hits: required.filter((name) => references!.includes(name)).length, total: required.length })),
    precision: countsOf(routed, ({ references, prompt: { references: { required, acceptable } } }) =>
      ({ hits: references!.filter((name) => required.includes(name) || acceptable.includes(name)).length, total: references!.length })),
  }
}

function skillsOf(rows: AnsweredRow[], ours: string, skills: string[]): Group['skills'] {
  const loadedBy = (name: string, own: boolean) =>
    shareOf(rows.filter(({ prompt }) => (prompt.expected_skill === name) === own), ({ loads }) => loads.includes(name))
  return skills
    .map((name) => ({ name, recall: loadedBy(name, true), falseLoads: loadedBy(name, false) }))
    .sort((a, b) =>
      Number(b.name === ours) - Number(a.name === ours)
      || (a.recall.rate ?? 2) - (b.recall.rate ?? 2)
      || b.falseLoads.hits - a.falseLoads.hits
      || order(a.name, b.name))
}

function symptomsOf(positives: AnsweredRow[], loadsOurs: (row: AnsweredRow) => boolean): Group['symptoms'] {
  return [...Map.groupBy(positives, ({ prompt }) => prompt.symptom ?? '')]
    .map(([symptom, rows]) => ({ symptom, recall: shareOf(rows, loadsOurs), references: referencesOf(rows) }))
    .sort((a, b) => (a.recall.rate ?? 0) - (b.recall.rate ?? 0) || order(a.symptom, b.symptom))
}

function confusionOf(rows: AnsweredRow[], due: (prompt: Prompt) => string | null): Group['confusion'] {
  return [...Map.groupBy(rows, ({ prompt, loaded }) => JSON.stringify([due(prompt), loaded])).values()]
    .map((cell) => ({ expected: due(cell[0]!.prompt), loaded: cell[0]!.loaded, runs: cell.length }))
    .sort((a, b) => b.runs - a.runs || order(a.expected ?? '', b.expected ?? '') || order(a.loaded ?? '', b.loaded ?? ''))
}

function unusableOf(rows: AgentRow[]): Group['unusable'] {
  const kinds = new Map<UnusableKind, Group['unusable'][number]>()
  for (const { failure } of rows) {
    if (!failure) continue
    const found = kinds.get(failure.kind) ?? { kind: failure.kind, runs: 0, example: failure.message }
    found.runs++
    kinds.set(failure.kind, found)
  }
  return [...kinds.values()].sort((a, b) => b.runs - a.runs)
}

/** Total, mean, median and 95th percentile (nearest rank); zeros for nothing. */
export function spreadOf(values: number[]): Spread {
  if (values.length === 0) return { total: 0, mean: 0, median: 0, p95: 0 }
  const sorted = values.toSorted((a, b) => a - b)
  const total = sorted.reduce((sum, value) => sum + value, 0)
  const at = (share: number) => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!
  const half = sorted.length >> 1
  const median = sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
  return { total: round(total), mean: round(total / sorted.length), median: round(median), p95: round(at(0.95)) }
}

const round = (value: number): number => Math.round(value * 1e6) / 1e6

const order = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0)
