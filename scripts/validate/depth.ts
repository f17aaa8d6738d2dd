import { posix } from 'node:path'
import { quoted } from '../core/nearest.ts'
import { reachable } from '../core/reach.ts'
import type { Rule } from '../core/rule.ts'

/** SKILL.md names every reference itself, and references/ has no folders. */
export const rule: Rule = {
  id: 'depth',
  summary: 'references are one level deep: linked from SKILL.md itself, no folder below references/',
  severity: 'warning',
  check(bundle, report) {
    for (const step of reachable(bundle).first.values()) {
      if (!step || step.from === bundle.skill || !step.to.startsWith('references/')) continue
      const name = quoted(posix.relative(posix.dirname(step.from.path), step.to))
      report(
        step.from.path,
        `${name} is linked from here but not from SKILL.md, so agents may miss it; link it from SKILL.md too`,
        {
          place: step.reference?.place,
        },
      )
    }
    for (const [path, { kind }] of bundle.entries) {
      if (kind === 'folder' && /^references\/[^/]+$/.test(path)) {
        report(path, 'references are one level deep; move the files of this folder up into references/')
      }
    }
  },
}
