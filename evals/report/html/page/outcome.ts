import type { AgentResult, ResultRow } from '../../../agents/result.ts'

export const outcomes = ['loaded', 'reference missed', 'missed', 'false load', 'left alone', 'unusable'] as const
export type Outcome = (typeof outcomes)[number]

/**
 * What a run came to for the skill under test. `reference missed`: it loaded, and a reference that the prompt
 * requires stayed unread, as far as the client could be followed.
 */
export function outcomeOf(row: ResultRow, prompt: AgentResult['prompts'][number] | undefined, skill: string): Outcome {
  if (row.unusable || !prompt) return 'unusable'
  const loaded = row.loaded === skill
  if (!prompt.should_trigger) return loaded ? 'false load' : 'left alone'
  if (!loaded) return 'missed'
  const { references } = row
  return references && !prompt.references.required.every((name) => references.includes(name)) ? 'reference missed' : 'loaded'
}
