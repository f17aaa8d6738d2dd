import { existsSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { stringify } from 'yaml'
import { UsageError } from '../../../scripts/core/config.ts'
import type { Prompt } from '../../../scripts/core/triggers.ts'

/**
 * Write the prompts as case folders of `claude plugin eval` into `target`, a new or empty folder: `prompt.md` and one
 * grader on the `Skill` tool. Returns how many. Throws `UsageError`.
 */
export function writePluginEval(prompts: Prompt[], skill: string, runs: number, target: string): number {
  if (existsSync(target) && (!statSync(target).isDirectory() || readdirSync(target).length > 0))
    throw new UsageError(`${target}: is not an empty folder; name one that is new`)
  for (const { id, query, should_trigger, symptom } of prompts) {
    const folder = join(target, id)
    mkdirSync(join(folder, 'graders'), { recursive: true })
    writeFileSync(join(folder, 'prompt.md'), markdown({
      name: id, runs, ...(symptom !== null && { tags: [symptom] }),
      expected_outcome: should_trigger ? `${skill} loads` : `${skill} does not load`,
    }, query))
    writeFileSync(join(folder, 'graders/skill.md'), markdown({
      type: 'tool_used', tool: 'Skill', input_match: `"skill"\\s*:\\s*"(?:[\\w-]+:)?${skill}"`,
      ...(should_trigger ? { min: 1 } : { min: 0, max: 0 }), arm: should_trigger ? 'with-only' : 'both',
    }, should_trigger ? `${skill} is for this.` : `${skill} is not for this.`))
  }
  return prompts.length
}

function markdown(data: object, body: string): string {
  return `---\n${stringify(data, { lineWidth: 0 })}---\n\n${body}\n`
}
