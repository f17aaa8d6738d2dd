import type { Rule } from '../core/rule.ts'

/** What keeps YAML from being read, or makes it read as something else than it looks. */
export const rule: Rule = {
  id: 'frontmatter-syntax',
  summary: 'the frontmatter is closed, plain YAML without duplicates, tags, alias tricks or cut values',
  check({ skill }, report) {
    for (const { reason, ...options } of skill.frontmatter?.problems ?? []) report(skill.path, reason, options)
  },
}
