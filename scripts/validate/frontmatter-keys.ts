import { closest, distance } from 'fastest-levenshtein'
import type { Rule } from '../core/rule.ts'

const specFields = ['name', 'description', 'license', 'compatibility', 'metadata', 'allowed-tools']

/** Fields that Claude Code 2.1 reads besides the six (code.claude.com/docs/en/skills, "frontmatter"). */
const claudeFields = [
  'when_to_use', 'argument-hint', 'arguments', 'disable-model-invocation', 'user-invocable', 'disallowed-tools',
  'model', 'effort', 'context', 'agent', 'background', 'hooks', 'paths', 'shell',
]

/** Unknown keys; the nearest known one is proposed. */
export const rule: Rule = {
  id: 'frontmatter-keys',
  summary: 'only fields that the chosen profiles know; the nearest known one is proposed',
  check({ skill }, report) {
    for (const [key, place] of skill.frontmatter?.keys ?? []) {
      if (specFields.includes(key)) continue
      if (claudeFields.includes(key)) {
        report(skill.path, `"${key}" is a field of Claude Code alone; uploads refuse the skill with it, put it under metadata or remove it`, {
          place, severity: 'error', profiles: ['upload'],
        })
        continue
      }
      const known = [...specFields, ...claudeFields]
      const near = closest(key.toLowerCase().replaceAll('_', '-'), known)
      const close = distance(key.toLowerCase(), near) <= Math.max(2, Math.floor(near.length / 4))
      report(skill.path, `unknown field "${key}"; ${close ? `did you mean "${near}"?` : 'put it under metadata or remove it'}`, {
        place, ...(close && { expected: [near] }),
      })
    }
  },
}
