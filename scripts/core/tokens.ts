import type { Bundle } from './bundle.ts'

/** Count tokens as OpenAI's o200k_base does; Anthropic publishes no tokenizer for its current models. */
export type Count = (text: string) => number

/** The tokenizer needs time quadratic in the length of one word; such text is counted in pieces, a few tokens too high. */
const longRun = /\S{300}|\s{300}/

let counter: Count | undefined

/** Load the tokenizer (2 MB of merge ranks) once. */
export async function tokenizer(): Promise<Count> {
  if (!counter) {
    const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base')
    const count: Count = (text) => countTokens(text, { disallowedSpecial: new Set() })
    counter = (text) =>
      (longRun.test(text) ? text.match(/[^]{1,500}/g)! : [text]).reduce((sum, part) => sum + count(part), 0)
  }
  return counter
}

/**
 * More tokens than `text` has, estimated without the tokenizer, whose ranks take longer to load than a skill
 * takes to check: half of the letters of a word, every letter of one that is long or has capitals inside, and
 * each other character.
 */
export function fewerTokensThan(text: string): number {
  let bound = 0
  for (const [part] of text.matchAll(/[A-Za-z]+| +|[^A-Za-z ]/g)) {
    bound += part[0] === ' ' ? (part.length > 1 ? 1 : 0) : part.length > 16 || /[a-z][A-Z]/.test(part) ? part.length : Math.ceil(part.length / 2)
  }
  return bound
}

/** Tokens per document, for those that a rule has counted; empty when no budget was near. */
export function tokensOf(bundle: Bundle): Record<string, number> {
  return Object.fromEntries(
    [...bundle.documents.values()].flatMap(({ path }) => {
      const count = counted.get(bundle)?.get(path)
      return count === undefined ? [] : [[path, count]]
    }),
  )
}

const counted = new WeakMap<Bundle, Map<string, number>>()

/** Remember how many tokens a document has, for the summary. */
export function remember(bundle: Bundle, path: string, count: number): void {
  if (!counted.has(bundle)) counted.set(bundle, new Map())
  counted.get(bundle)!.set(path, count)
}
