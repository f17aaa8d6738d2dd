import * as z from 'zod/mini'
import { promptsSchema, type Prompt } from '../scripts/core/triggers.ts'

export const triggerFormats = ['plain', 'full'] as const

/**
 * Text of a trigger file: `plain` is the `[{query, should_trigger}]` that other runners read, `full`
 * is our own format. Plain drops ids, symptoms, references and splits.
 */
export function writePrompts(prompts: Prompt[], format: (typeof triggerFormats)[number]): string {
  const written = format === 'full' ? prompts : prompts.map(({ query, should_trigger }) => ({ query, should_trigger }))
  return `${JSON.stringify(written, null, 2)}\n`
}

/** JSON Schema of `evals/triggers.json`, made from the schema that reads it. */
export function triggersSchema(): string {
  return `${JSON.stringify({ title: 'Trigger prompts of a skill', ...z.toJSONSchema(promptsSchema) }, null, 2)}\n`
}
