import { exclusionsOf, routesOf } from '../core/routing.ts'
import { stems } from '../core/words.ts'
import type { Rule } from '../core/rule.ts'

const tooMuch = 0.6

/** The same words under "When to use" and "When NOT to use" leave the choice to chance. */
export const rule: Rule = {
  id: 'trigger-conflict',
  summary: 'no symptom says what "When NOT to use" excludes',
  check({ skill }, report) {
    const exclusions = exclusionsOf(skill)
    for (const { text, position } of routesOf(skill)) {
      const words = new Set(stems(text))
      for (const exclusion of exclusions) {
        const distinct = [...new Set(exclusion.stems)]
        const shared = distinct.filter((word) => words.has(word))
        if (distinct.length < 2 || shared.length / distinct.length < tooMuch) continue
        report(
          skill.path,
          `this symptom says what line ${exclusion.position.start.line} excludes (${shared.join(', ')}); reword one`,
          { place: position },
        )
      }
    }
  },
}
