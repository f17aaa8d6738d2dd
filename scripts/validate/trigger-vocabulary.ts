import { routesOf } from '../core/routing.ts'
import { stems } from '../core/words.ts'
import type { Rule } from '../core/rule.ts'

const sharedWords = 2

/** A client sees only the description: a symptom in words that it lacks never loads the skill. */
export const rule: Rule = {
  id: 'trigger-vocabulary',
  summary: 'the description shares words with every symptom of the routing table',
  check({ skill }, report) {
    const description = skill.frontmatter?.data.description
    if (typeof description !== 'string') return
    const known = new Set(stems(description))
    for (const { text, position } of routesOf(skill)) {
      const words = [...new Set(stems(text))]
      const shared = words.filter((word) => known.has(word))
      if (shared.length >= Math.min(sharedWords, words.length)) continue
      report(
        skill.path,
        `the description shares ${shared.length === 0 ? 'no word' : `only "${shared[0]}"`} with this symptom; add words that people type for it`,
        { place: position },
      )
    }
  },
}
