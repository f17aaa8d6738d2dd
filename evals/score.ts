import type { Prompt } from '../scripts/core/triggers.ts'
import { rateOf, shareOf, type Rate } from './statistics.ts'

/** What a client did with one prompt, or why that is not known. */
export type Row = Answered | Unusable

export interface Answered {
  prompt: Prompt
  loaded: string | null
  references?: string[]
  why?: string
}

export interface Unusable {
  prompt: Prompt
  unusable: string
}

export interface ReferenceScore {
  /** Required references that were read. */
  recall: Rate
  /** References read that are required or acceptable. */
  precision: Rate
}

export interface SkillScore {
  name: string
  /** Prompts of this skill on which it loaded. */
  recall: Rate
  /** Prompts of others, or of none, on which it loaded all the same. */
  falseLoads: Rate
}

export interface SymptomScore {
  symptom: string
  recall: Rate
  references: ReferenceScore
}

export interface SplitScore {
  prompts: number
  /** Prompts that the client answered; only those count below. */
  completion: Rate
  recall: Rate
  falseLoads: Rate
  /** Prompts on which the expected skill, or none as expected, loaded. */
  rightSkill: Rate
  references: ReferenceScore
  /** The skill under test first, then worst recall first. */
  skills: SkillScore[]
  /** Cells of the confusion matrix that are not zero, most prompts first; null stands for no skill. */
  confusion: { expected: string | null; loaded: string | null; prompts: number }[]
  symptoms: SymptomScore[]
}

export interface Score {
  all: SplitScore
  train?: SplitScore
  validation?: SplitScore
}

/** Score the rows of a run for the skill called `ours`: both splits together and each apart. */
export function score(rows: Row[], ours: string, skills: string[]): Score {
  const result: Score = { all: scoreSplit(rows, ours, skills) }
  for (const split of ['train', 'validation'] as const) {
    const part = rows.filter(({ prompt }) => prompt.split === split)
    if (part.length > 0) result[split] = scoreSplit(part, ours, skills)
  }
  return result
}

/** Whether the row is not what its prompt asks of the skill called `ours`. */
export function isMiss(row: Row, ours: string): row is Answered {
  return isAnswered(row) && (row.loaded === ours) !== row.prompt.should_trigger
}

/** Whether the client answered. An error is no answer: it counts neither for nor against. */
export function isAnswered(row: Row): row is Answered {
  return !isUnusable(row)
}

/** Whether the client failed on the row. */
export function isUnusable(row: Row): row is Unusable {
  return 'unusable' in row
}

function scoreSplit(rows: Row[], ours: string, skills: string[]): SplitScore {
  const answered = rows.filter(isAnswered)
  const positives = answered.filter(({ prompt }) => prompt.should_trigger)
  const negatives = answered.filter(({ prompt }) => !prompt.should_trigger)
  const loadsOurs = ({ loaded }: Answered) => loaded === ours
  return {
    prompts: rows.length,
    completion: rateOf(answered.length, rows.length),
    recall: shareOf(positives, loadsOurs),
    falseLoads: shareOf(negatives, loadsOurs),
    rightSkill: shareOf(answered, ({ prompt, loaded }) => loaded === prompt.expected_skill),
    references: scoreReferences(positives),
    skills: scoreSkills(answered, ours, skills),
    confusion: confusion(answered),
    symptoms: scoreSymptoms(positives, loadsOurs),
  }
}

function scoreSkills(rows: Answered[], ours: string, skills: string[]): SkillScore[] {
  const loadedBy = (name: string, own: boolean) =>
    shareOf(
      rows.filter(({ prompt }) => (prompt.expected_skill === name) === own),
      ({ loaded }) => loaded === name,
    )
  return skills
    .map((name) => ({ name, recall: loadedBy(name, true), falseLoads: loadedBy(name, false) }))
    .sort(
      (a, b) =>
        Number(b.name === ours) - Number(a.name === ours) ||
        (a.recall.rate ?? 2) - (b.recall.rate ?? 2) ||
        b.falseLoads.hits - a.falseLoads.hits ||
        order(a.name, b.name),
    )
}

function confusion(rows: Answered[]): SplitScore['confusion'] {
  const cells = new Map<string, SplitScore['confusion'][number]>()
  for (const {
    prompt: { expected_skill: expected },
    loaded,
  } of rows) {
    const key = JSON.stringify([expected, loaded])
    const cell = cells.get(key) ?? { expected, loaded, prompts: 0 }
    cell.prompts++
    cells.set(key, cell)
  }
  return [...cells.values()].sort(
    (a, b) =>
      b.prompts - a.prompts || order(a.expected ?? '', b.expected ?? '') || order(a.loaded ?? '', b.loaded ?? ''),
  )
}

function scoreSymptoms(positives: Answered[], loadsOurs: (row: Answered) => boolean): SymptomScore[] {
  const groups = Map.groupBy(positives, ({ prompt }) => prompt.symptom ?? '')
  return [...groups]
    .map(([symptom, rows]) => ({ symptom, recall: shareOf(rows, loadsOurs), references: scoreReferences(rows) }))
    .sort((a, b) => (a.recall.rate ?? 0) - (b.recall.rate ?? 0) || order(a.symptom, b.symptom))
}

/** Routing is judged on every positive whose references the client told, whether or not the skill loaded. */
function scoreReferences(positives: Answered[]): ReferenceScore {
  let [required, found, read, right] = [0, 0, 0, 0]
  for (const { prompt, references } of positives) {
    if (!references || prompt.references.required.length === 0) continue
    const allowed = new Set([...prompt.references.required, ...prompt.references.acceptable])
    required += prompt.references.required.length
    found += prompt.references.required.filter((name) => references.includes(name)).length
    read += references.length
    right += references.filter((name) => allowed.has(name)).length
  }
  return { recall: rateOf(found, required), precision: rateOf(right, read) }
}

function order(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0
}
