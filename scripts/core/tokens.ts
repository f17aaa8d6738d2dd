import type { Bundle } from './bundle.ts'

/** Count tokens as OpenAI's o200k_base does; Anthropic publishes no tokenizer for its current models. */
export type Count = (text: string) => number

let counter: Count | undefined

/** Load the tokenizer (2 MB of merge ranks) once. */
export async function tokenizer(): Promise<Count> {
  if (!counter) {
    const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base')
    counter = (text) => countTokens(text, { disallowedSpecial: new Set() })
  }
  return counter
}

/** Tokens per document, for those that a rule has counted; empty when no budget was near. */
export function tokensOf(bundle: Bundle): Record<string, number> {
  return Object.fromEntries([...bundle.documents.values()].flatMap(({ path }) => {
    const count = counted.get(bundle)?.get(path)
    return count === undefined ? [] : [[path, count]]
  }))
}

const counted = new WeakMap<Bundle, Map<string, number>>()

/** Remember how many tokens a document has, for the summary. */
export function remember(bundle: Bundle, path: string, count: number): void {
  if (!counted.has(bundle)) counted.set(bundle, new Map())
  counted.get(bundle)!.set(path, count)
}
