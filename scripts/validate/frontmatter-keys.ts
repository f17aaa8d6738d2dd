import { distance } from 'fastest-levenshtein'
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
    const keys = skill.frontmatter?.keys ?? new Map<string, never>()
    const free = [...specFields, ...claudeFields].filter((field) => !keys.has(field))
    for (const [key, place] of keys) {
      if (specFields.includes(key)) continue
      if (claudeFields.includes(key)) {
        report(skill.path, `only Claude Code knows the field "${key}", uploads refuse the skill; put it under metadata or remove it`, {
          place, profiles: ['upload'],
        })
        continue
      }
      const near = nearest(key, free)
      const mend = near ? `did you mean "${near}"?` : 'put it under metadata or remove it'
      report(skill.path, `unknown field ${JSON.stringify(shorten(key))}; ${mend}`, {
        place, profiles: ['spec', 'upload'], ...(near && { expected: [near] }),
      })
    }
  },
}

/** A field that the skill does not have yet and that is at most every third letter away, case and `_` or `-` aside. */
function nearest(key: string, fields: string[]): string | undefined {
  const plain = (text: string) => text.toLowerCase().replaceAll('_', '-')
  const [best] = fields.map((field) => ({ field, far: distance(plain(shorten(key)), plain(field)) })).sort((a, b) => a.far - b.far)
  return best && best.far <= Math.floor(Math.min(key.length, best.field.length) / 3) ? best.field : undefined
}

function shorten(text: string): string {
  return text.length > 50 ? `${text.slice(0, 47)}...` : text
}
