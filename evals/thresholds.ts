import * as z from 'zod/mini'
import { UsageError } from '../scripts/core/config.ts'
import { readJson } from './files.ts'
import type { Score, SplitScore } from './score.ts'
import type { Rate } from './statistics.ts'

const share = z.number().check(z.minimum(0), z.maximum(1))

const splitGates = z.strictObject({
  minimumRecall: share,
  maximumFalseLoads: share,
  minimumReferenceRecall: share,
  minimumReferencePrecision: share,
})

const lexicalSettings = z.strictObject({
  /** Score below which nothing loads. */
  minimumScore: z.number().check(z.minimum(0)),
  /** Rows of the routing table that score at least this share of the best one are followed too. */
  rowMargin: share,
})

const gates = z.strictObject({
  minimumCompletion: share,
  train: splitGates,
  validation: splitGates,
  /** Recall that each symptom keeps, both splits together. */
  minimumSymptomRecall: z.record(z.string(), share),
})

const agentGates = z.strictObject({
  note: z.optional(z.string()),
  minimumCompletion: share,
  /** The skill alone. */
  isolated: splitGates,
  /** Among the catalog. */
  crowded: splitGates,
  /** Recall that no symptom may fall below. */
  minimumSymptomRecall: share,
})

/** `evals/thresholds.json`: what gates CI, and the constants of the lexical client. */
export const thresholdsSchema = z.strictObject({
  version: z.literal(1),
  note: z.optional(z.string()),
  lexical: z.strictObject({ settings: lexicalSettings, gates }),
  agents: z.optional(agentGates),
})

export type Thresholds = z.infer<typeof thresholdsSchema>
export type LexicalSettings = z.infer<typeof lexicalSettings>
export type Gates = z.infer<typeof gates>
export type AgentGates = z.infer<typeof agentGates>
export type ArmGates = z.infer<typeof splitGates>

export interface Check {
  /** For example `train.recall` or `symptom.jobs`. */
  id: string
  what: string
  kind: 'at least' | 'at most'
  limit: number
  measured: Rate
  met: boolean
}

/** Read the thresholds in `file`. Throws `UsageError`. */
export function readThresholds(file: string): Thresholds {
  const parsed = thresholdsSchema.safeParse(readJson(file))
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new UsageError(`${file}: ${['thresholds', ...issue!.path].join('.')}: ${issue!.message}`)
}

/**
 * Compare a score with the gates. The measured share itself decides, not its interval: the lexical
 * client answers the same prompts the same way each time, so a lower share is a change of the skill
 * and not noise. The interval tells how far the prompts speak for others. Splits and symptoms without
 * prompts are not checked.
 */
export function checkGates(score: Score, gates: Gates): Check[] {
  const checks = [
    check('completion', 'prompts with an answer', 'at least', gates.minimumCompletion, score.all.completion),
  ]
  for (const split of ['train', 'validation'] as const) {
    if (score[split]) checks.push(...checkSplit(split, score[split], gates[split]))
  }
  for (const [symptom, minimum] of score.train && score.validation ? Object.entries(gates.minimumSymptomRecall) : []) {
    const recall = score.all.symptoms.find((one) => one.symptom === symptom)?.recall
    if (recall) checks.push(check(`symptom.${symptom}`, `recall of symptom ${symptom}`, 'at least', minimum, recall))
  }
  return checks.filter(({ measured }) => measured.total > 0)
}

function checkSplit(split: string, score: SplitScore, gates: z.infer<typeof splitGates>): Check[] {
  return [
    check(`${split}.recall`, `${split} recall`, 'at least', gates.minimumRecall, score.recall),
    check(`${split}.false-loads`, `${split} false loads`, 'at most', gates.maximumFalseLoads, score.falseLoads),
    check(
      `${split}.reference-recall`,
      `${split} reference recall`,
      'at least',
      gates.minimumReferenceRecall,
      score.references.recall,
    ),
    check(
      `${split}.reference-precision`,
      `${split} reference precision`,
      'at least',
      gates.minimumReferencePrecision,
      score.references.precision,
    ),
  ]
}

function check(id: string, what: string, kind: Check['kind'], limit: number, measured: Rate): Check {
  const rate = measured.rate ?? 0
  return { id, what, kind, limit, measured, met: kind === 'at least' ? rate >= limit : rate <= limit }
}
