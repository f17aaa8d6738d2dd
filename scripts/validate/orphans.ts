import { posix } from 'node:path'
import { isForPeople } from '../core/link-target.ts'
import { reachable, withoutComments } from '../core/reach.ts'
import type { Rule } from '../core/rule.ts'

/** Every document of the skill can be reached from SKILL.md, by way of other documents if need be. */
export const rule: Rule = {
  id: 'orphans',
  summary: 'every document can be reached from SKILL.md, directly or through others',
  check(bundle, report) {
    const { first, complete } = reachable(bundle)
    if (!complete) return
    const reached = [...first.keys()].map((path) => withoutComments(bundle.documents.get(path)!.text))
    for (const path of bundle.documents.keys()) {
      if (first.has(path) || isForPeople(path)) continue
      const named = reached.some((text) => text.includes(posix.basename(path)))
      const reason = named
        ? 'this file is only named in code, never linked; link it, so that agents find it and its path is checked'
        : 'no path of links leads here from SKILL.md, so no agent opens it; link it or delete it'
      report(path, reason, { severity: path.startsWith('references/') && !named ? 'error' : 'warning' })
    }
  },
}
