import { routesOf } from '../core/routing.ts'
import type { Rule } from '../core/rule.ts'

const mostReferences = 2

/** From a symptom to its reference, and from each reference back to a symptom. */
export const rule: Rule = {
  id: 'trigger-routing',
  summary: 'every symptom routes to one or two references, every reference is reached by a symptom',
  check({ skill, documents }, report) {
    const routes = routesOf(skill)
    if (routes.length === 0) return
    const reached = new Set<string>()
    const seen = new Set<string>()
    for (const { symptom, references, position: place } of routes) {
      for (const name of references) reached.add(`references/${name}`)
      if (symptom === '') report(skill.path, 'this row has no bold label; begin it with the symptom in bold', { place })
      else if (seen.has(symptom))
        report(skill.path, `two rows are labelled "${symptom}"; rename or merge them`, { place })
      seen.add(symptom)
      if (references.length === 0) report(skill.path, 'this symptom leads to no reference; link one', { place })
      if (references.length > mostReferences)
        report(skill.path, `this symptom leads to ${references.length} references, ${mostReferences} at most; choose`, {
          place,
        })
    }
    for (const path of documents.keys()) {
      if (/^references\/[^/]+\.md$/.test(path) && !reached.has(path)) {
        report(skill.path, `no symptom of the routing table leads to ${path}; add a row or delete the file`, {
          place: routes[0]!.position,
        })
      }
    }
  },
}
