import { lexicalClient, skillRanking } from './clients/lexical.ts'
import type { Library } from './clients/client.ts'
import type { Prompt } from '../scripts/core/triggers.ts'
import { ask, namesOf } from './run-evals.ts'
import { score, type SplitScore } from './score.ts'
import type { Gates, LexicalSettings, Thresholds } from './thresholds.ts'

/** How far below the measured value a gate stands: enough for a better wording, too little for a lost phrase. */
const slack = 0.01
const note =
  'Written by `npm run evals -- --calibrate`. Gates stand 1 point below the measured shares, ' +
  'one prompt below for each symptom; the measured share decides, not its interval.'

/** Where a new file starts; the margin was chosen on train, the minimum is tuned each time. */
export const defaultSettings: LexicalSettings = { minimumScore: 0, rowMargin: 0.8 }

/**
 * The minimum score that lets the most train prompts load the expected skill, or nothing where nothing
 * is expected. Of equally good ones the highest, rounded down to a tenth.
 */
export function tuneMinimumScore({ skill, catalog }: Library, prompts: Prompt[]): number {
  const rank = skillRanking([skill, ...catalog])
  const best = prompts
    .filter(({ split }) => split === 'train')
    .map(({ query, expected_skill }) => ({ expected_skill, top: rank(query)[0] }))
  const candidates = [...new Set([0, ...best.map(({ top }) => Math.floor((top?.score ?? 0) * 10) / 10)])].sort(
    (a, b) => a - b,
  )
  const right = (minimum: number) =>
    best.filter(({ expected_skill, top }) => (top && top.score >= minimum ? top.name : null) === expected_skill).length
  return candidates.reduce((chosen, candidate) => (right(candidate) >= right(chosen) ? candidate : chosen), 0)
}

/** Thresholds a little below what the lexical client measures now on `prompts`. */
export async function calibrate(
  library: Library,
  prompts: Prompt[],
  { rowMargin }: LexicalSettings,
): Promise<Thresholds> {
  const settings = { minimumScore: tuneMinimumScore(library, prompts), rowMargin }
  const rows = await ask(lexicalClient(library, settings), prompts)
  const { all, train, validation } = score(rows, library.skill.name, namesOf(library))
  return {
    version: 1,
    note,
    lexical: {
      settings,
      gates: {
        minimumCompletion: 1,
        train: gatesFor(train ?? all),
        validation: gatesFor(validation ?? all),
        minimumSymptomRecall: Object.fromEntries(
          all.symptoms
            .map(({ symptom, recall: { hits, total } }) => [symptom, down(Math.max(0, hits - 1) / total)] as const)
            .sort(([a], [b]) => (a < b ? -1 : 1)),
        ),
      },
    },
  }
}

function gatesFor({ recall, falseLoads, references }: SplitScore): Gates['train'] {
  return {
    minimumRecall: down((recall.rate ?? 0) - slack),
    maximumFalseLoads: Math.min(1, up((falseLoads.rate ?? 0) + slack)),
    minimumReferenceRecall: down((references.recall.rate ?? 0) - slack),
    minimumReferencePrecision: down((references.precision.rate ?? 0) - slack),
  }
}

function down(value: number): number {
  return Math.max(0, Math.floor(value * 1000 + 1e-6) / 1000)
}

function up(value: number): number {
  return Math.ceil(value * 1000 - 1e-6) / 1000
}
