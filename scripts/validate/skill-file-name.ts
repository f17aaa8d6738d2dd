import type { Rule } from '../core/rule.ts'

/** Reported while skills are searched for: a folder with `skill.md` would otherwise look empty. */
export const rule: Rule = {
  id: 'skill-file-name',
  summary: 'the file is called exactly SKILL.md',
}
