import type { EvalResult } from '../run-evals.ts'

/**
 * The result as JSON, `version: 1`. It holds no time and no path, so that two runs on the same files
 * are equal byte for byte. A prompt's answer is `loaded` (null: no skill) or, without an answer,
 * `unusable` with the reason.
 */
export function json({ rows, ...result }: EvalResult): string {
  return JSON.stringify(
    {
      ...result,
      rows: rows.map(({ prompt, ...answer }) => ({
        id: prompt.id,
        split: prompt.split,
        should_trigger: prompt.should_trigger,
        expected_skill: prompt.expected_skill,
        symptom: prompt.symptom,
        ...answer,
      })),
    },
    null,
    2,
  )
}
