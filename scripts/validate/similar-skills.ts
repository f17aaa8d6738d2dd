import { distance } from 'fastest-levenshtein'
import { join, relative, sep } from 'node:path'
import type { Report, Rule, SkillListing } from '../core/rule.ts'
import { stems } from '../core/words.ts'

const tooAlike = 0.8
const fewestWords = 4
/** How many of the skills that share a word are compared. */
const compared = 20
const mostForNames = 300

/** "Not for X (use Y)" names a neighbour; it must not count as a likeness to it. */
const exclusion = /\b(?:not for|do not use|don't use|not when|instead use)\b/i

/** Skills that a model cannot tell apart by name or description. */
export const rule: Rule = {
  id: 'similar-skills',
  summary: 'no two skills of the run share a name or nearly the same description',
  severity: 'warning',
  checkAll(skills, report) {
    const byName = new Map<string, SkillListing>()
    const byWord = new Map<string, number[]>()
    const words = skills.map(({ description }) => contentOf(description))
    for (const [index, skill] of skills.entries()) {
      const path = join(skill.root, 'SKILL.md')
      const twin = skill.name === '' ? undefined : byName.get(skill.name)
      if (twin)
        report(
          path,
          `another skill of this run is called "${skill.name}" too (${relative(skill.root, twin.root).replaceAll(sep, '/')}); rename one`,
        )
      else byName.set(skill.name, skill)
      const nearest = twin ? undefined : mostAlike(words[index]!, words, byWord)
      if (nearest)
        report(
          path,
          `the description is nearly that of "${skills[nearest.index]!.name}" (${Math.round(nearest.alike * 100)} % of the words); say what sets them apart`,
        )
      if (skills.length <= mostForNames) nearNames(skills, index, path, report)
      for (const word of words[index]!) {
        const holders = byWord.get(word)
        if (holders) holders.push(index)
        else byWord.set(word, [index])
      }
    }
  },
}

function contentOf(description: string): Set<string> {
  return new Set(
    description
      .split(/[.;]/)
      .filter((part) => !exclusion.test(part))
      .flatMap(stems),
  )
}

/**
 * The earlier skill most like this one. A twin lacks at most a fifth of the words, so it shares one of the
 * rarest fifth and one more: only skills that do are compared, and large libraries stay linear.
 */
function mostAlike(
  own: Set<string>,
  words: Set<string>[],
  byWord: Map<string, number[]>,
): { index: number; alike: number } | undefined {
  if (own.size < fewestWords) return undefined
  const count = (word: string) => byWord.get(word)?.length ?? 0
  const rare = [...own].sort((a, b) => count(a) - count(b)).slice(0, Math.floor((1 - tooAlike) * own.size) + 1)
  let best: { index: number; alike: number } | undefined
  for (const index of new Set(rare.flatMap((word) => byWord.get(word)?.slice(-compared) ?? []))) {
    const alike = jaccard(own, words[index]!)
    if (alike >= tooAlike && alike > (best?.alike ?? 0)) best = { index, alike }
  }
  return best
}

function jaccard(a: Set<string>, b: Set<string>): number {
  let shared = 0
  for (const word of a) if (b.has(word)) shared++
  return shared / (a.size + b.size - shared)
}

function nearNames(skills: SkillListing[], index: number, path: string, report: Report): void {
  const { name } = skills[index]!
  const letters = (text: string) => text.replace(/\d+/g, '')
  const near = skills
    .slice(0, index)
    .find((other) => name.length > 5 && letters(name) !== letters(other.name) && distance(name, other.name) === 1)
  if (near) report(path, `"${name}" and "${near.name}" differ by one character; rename one`)
}
