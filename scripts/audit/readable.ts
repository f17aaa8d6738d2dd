import type { Rule } from './engine/rule.ts'

/** Found while reading; see engine/scan.ts. */
export const rule: Rule = {
  id: 'readable',
  summary: 'a file or folder that could not be audited: unreadable, too large, not UTF-8, broken syntax',
  severity: 'warning',
  why: 'What is not read is not checked.',
  fix: 'Correct the file, or name it under "ignore" in audit.config.json.',
  operation: 'proposal',
  reference: 'code-principles.md#review',
}
