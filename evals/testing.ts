import type { Prompt } from '../scripts/core/triggers.ts'
import { wilson, type Rate } from './statistics.ts'
import { score, type Row } from './score.ts'
import type { EvalResult } from './run-evals.ts'
import type { Check } from './thresholds.ts'

/** A prompt for tests: a positive of the skill `ours` unless `fields` say otherwise. */
export function promptOf(fields: Partial<Prompt> = {}): Prompt {
  return {
    id: 'p',
    query: 'the query',
    should_trigger: true,
    symptom: 'jobs',
    expected_skill: 'ours',
    references: { required: [], acceptable: [] },
    split: 'train',
    ...fields,
  }
}

/** A negative that expects `skill`. */
export function negativeOf(skill: string | null, fields: Partial<Prompt> = {}): Prompt {
  return promptOf({ should_trigger: false, symptom: null, expected_skill: skill, ...fields })
}

/** A rate by hand. */
export function rate(hits: number, total: number): Rate {
  return { hits, total, rate: hits / total, ...wilson(hits, total) }
}

/** The result of a run that gave `rows`. */
export function resultOf(rows: Row[], checks: Check[] = [], fields: Partial<EvalResult> = {}): EvalResult {
  return {
    version: 1,
    client: { name: 'fake', about: 'made up' },
    skill: 'ours',
    neighbours: 2,
    split: 'all',
    verdict: 'pass',
    checks,
    notes: [],
    score: score(rows, 'ours', ['ours', 'other', 'third']),
    rows,
    ...fields,
  }
}
