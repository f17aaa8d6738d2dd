import type { Prompt } from '../../scripts/core/triggers.ts'
import { stems } from '../../scripts/core/words.ts'
import { skillRanking } from '../clients/lexical.ts'
import type { Library } from '../clients/client.ts'
import { maxDescription } from './description.ts'
import type { Failure, Proposer } from './propose.ts'

const [maxWords, maxAdded, minimumGain, room] = [30, 25, 2, 80]
const contrast = 3
const exclusion = /(?:^|(?<=[.;]\s))Not for\b/i

/**
 * Local search over words: of those that at least two missed train prompts share and that tell ours from the prompts of
 * others, add the one that makes most more train prompts right, as long as it makes two; parts of the description whose loss
 * costs nothing make room. The same input gives the same description.
 */
export function lexicalProposer({ skill, catalog }: Library, train: Prompt[], minimumScore: number): Proposer {
  const right = (description: string) => {
    const rank = skillRanking([{ ...skill, description }, ...catalog])
    return train.filter(({ query, should_trigger }) => {
      const [best] = rank(query)
      return (best !== undefined && best.score >= minimumScore && best.name === skill.name) === should_trigger
    }).length
  }
  const telling = tellingWords(train)
  return async ({ skill: { description }, failures }) => {
    const start = right(description)
    let [best, bestRight] = [withRoom(description, right), start]
    const added: string[] = []
    while (added.length < maxAdded) {
      const words = vocabulary(failures, best).filter(telling).slice(0, maxWords)
      const [top] = words
        .map((word) => ({ word, text: insert(best, word) }))
        .filter(({ text }) => text.length <= maxDescription)
        .map(({ word, text }) => ({ word, text, gain: right(text) - bestRight }))
        .sort((a, b) => b.gain - a.gain)
      if (!top || top.gain < minimumGain) break
      added.push(top.word)
      ;[best, bestRight] = [top.text, bestRight + top.gain]
    }
    return bestRight > start ? best : undefined
  }
}

/** Words that at least two missed prompts share and that are not in `known`, most prompts first. */
export function vocabulary(failures: Failure[], known: string): string[] {
  const excluded = new Set(stems(known))
  const found = new Map<string, { word: string; prompts: number }>()
  for (const { query } of failures.filter(({ kind }) => kind === 'missed')) {
    const words = query.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? []
    const fresh = new Map(words.flatMap((word) => stems(word).map((stem) => [stem, word] as const)))
    for (const [stem, word] of fresh) {
      if (excluded.has(stem)) continue
      const entry = found.get(stem) ?? { word, prompts: 0 }
      entry.prompts++
      found.set(stem, entry)
    }
  }
  return [...found.values()]
    .filter(({ prompts }) => prompts >= 2)
    .sort((a, b) => b.prompts - a.prompts || (a.word < b.word ? -1 : 1))
    .map(({ word }) => word)
}

/** Whether a word is in our prompts, as a share of them, at least `contrast` times as often as in those of others. */
function tellingWords(train: Prompt[]): (word: string) => boolean {
  const sides = ([true, false] as const).map((side) => train.filter(({ should_trigger }) => should_trigger === side).map(({ query }) => new Set(stems(query))))
  return (word) => {
    const [stem] = stems(word)
    const [own, foreign] = sides.map((prompts) => prompts.filter((words) => words.has(stem!)).length / prompts.length)
    return own! >= contrast * foreign!
  }
}

/** Put a word at the end of what the skill is for, before what it is not for. */
export function insert(description: string, word: string): string {
  const at = exclusion.exec(description)?.index ?? description.length
  const [positive, rest] = [description.slice(0, at).trimEnd(), description.slice(at)]
  const end = /[.;]$/.exec(positive)?.[0]
  const open = end ? positive.slice(0, -1) : positive
  return `${open}, ${word}${end ?? '.'}${rest && ' '}${rest}`
}

/** The description with parts left out that no train prompt misses, until a few words fit. */
function withRoom(description: string, right: (description: string) => number): string {
  let text = description
  const start = right(text)
  for (const part of description.match(/[,;][^,;.]*(?=[,;.])/g) ?? []) {
    if (text.length <= maxDescription - room) break
    const shorter = text.replace(part, '')
    if (right(shorter) >= start) text = shorter
  }
  return text
}
