import { isForPeople } from '../core/link-target.ts'
import { reachable } from '../core/reach.ts'
import type { Rule } from '../core/rule.ts'

/** Every document of the skill can be reached from SKILL.md, by way of other documents if need be. */
export const rule: Rule = {
  id: 'orphans',
  summary: 'every document can be reached from SKILL.md, directly or through others',
  check(bundle, report) {
    const { first, complete } = reachable(bundle)
    if (!complete) return
    for (const path of bundle.documents.keys()) {
      if (first.has(path) || isForPeople(path)) continue
      const severity = path.startsWith('references/') ? 'error' : 'warning'
      report(path, 'no path of links leads here from SKILL.md, so no agent opens it; link it or delete it', { severity })
    }
  },
}
