import type { AgentResult } from '../../agents/result.ts'

/** A prompt passes when the skill loads in at least, or for a negative below, half of its runs; as skill-creator has it. */
const triggerThreshold = 0.5

/**
 * The result as skill-creator's `run_eval.py` prints it, for its viewer and its optimiser. Only runs that say something
 * count; a prompt without any is left out.
 */
export function skillCreator({ skill, description, prompts, rows }: AgentResult): string {
  const byPrompt = Map.groupBy(rows.filter(({ unusable }) => !unusable), ({ prompt }) => prompt)
  const results = prompts.flatMap(({ id, query, should_trigger }) => {
    const runs = byPrompt.get(id)
    if (!runs) return []
    const triggers = runs.filter(({ loaded }) => loaded === skill).length
    const rate = triggers / runs.length
    return [{ query, should_trigger, trigger_rate: rate, triggers, runs: runs.length, pass: (rate >= triggerThreshold) === should_trigger }]
  })
  const passed = results.filter(({ pass }) => pass).length
  return JSON.stringify({
    skill_name: skill, description, results, summary: { total: results.length, passed, failed: results.length - passed },
  }, null, 2)
}
