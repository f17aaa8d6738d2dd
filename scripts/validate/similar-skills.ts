import { distance } from 'fastest-levenshtein'
import { join } from 'node:path'
import type { Rule, SkillListing } from '../core/rule.ts'
import { stems } from '../core/words.ts'

const tooAlike = 0.8
/** "Not for X (use Y)" names a neighbour; it must not count as a likeness to it. */
const exclusion = /[^.;]*\b(?:not for|do not use|don't use|not when|instead use)\b[^.;]*[.;]?/gi

/** Skills that a model cannot tell apart by name or description. */
export const rule: Rule = {
  id: 'similar-skills',
  summary: 'no two skills of the run share a name or nearly the same description',
  checkAll(skills, report) {
    const seen = new Map<string, SkillListing>()
    const words = skills.map(({ description }) => new Set(stems(description.replace(exclusion, ' '))))
    for (const [index, skill] of skills.entries()) {
      const path = join(skill.root, 'SKILL.md')
      const twin = seen.get(skill.name)
      if (twin && skill.name) report(path, `another skill of this run is called "${skill.name}" too (${twin.root}); rename one`)
      seen.set(skill.name, skill)
      for (const other of likely(index, words)) {
        const alike = jaccard(words[index]!, words[other]!)
        if (alike >= tooAlike) report(path, `the description is nearly that of "${skills[other]!.name}" (${Math.round(alike * 100)} % of the words); say what sets them apart`, { severity: 'warning' })
      }
      if (skills.length <= 300) nearNames(skills, index, path, report)
    }
  },
}

function nearNames(skills: SkillListing[], index: number, path: string, report: (path: string, reason: string, options: { severity: 'warning' }) => void): void {
  const { name } = skills[index]!
  for (const other of skills.slice(0, index)) {
    const near = name.length > 5 && name !== other.name && name.replace(/\d+/g, '') !== other.name.replace(/\d+/g, '') && distance(name, other.name) === 1
    if (near) report(path, `"${name}" and "${other.name}" differ by one character; rename one`, { severity: 'warning' })
  }
}

const indexes = new WeakMap<Set<string>[], Map<string, number[]>>()

/** Earlier skills that share one of the three rarest words, so that large libraries stay linear. */
function likely(index: number, words: Set<string>[]): number[] {
  let byWord = indexes.get(words)
  if (!byWord) {
    byWord = new Map()
    for (const [at, set] of words.entries()) for (const word of set) byWord.set(word, [...(byWord.get(word) ?? []), at])
    indexes.set(words, byWord)
  }
  const rare = [...words[index]!].sort((a, b) => byWord.get(a)!.length - byWord.get(b)!.length).slice(0, 3)
  return [...new Set(rare.flatMap((word) => byWord.get(word)!.filter((at) => at < index).slice(0, 50)))]
}

function jaccard(a: Set<string>, b: Set<string>): number {
  if (a.size === 0 || b.size === 0) return 0
  let shared = 0
  for (const word of a) if (b.has(word)) shared++
  return shared / (a.size + b.size - shared)
}
