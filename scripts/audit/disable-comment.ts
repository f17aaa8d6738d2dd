import type { Rule } from './engine/rule.ts'

/** Found while suppressing; see engine/suppress.ts. */
export const rule: Rule = {
  id: 'disable-comment',
  summary: 'a comment that disables a rule without naming it, without a reason, or without effect',
  severity: 'error',
  why: 'An exception without a reason is never revisited.',
  fix: 'Name the rule and the reason, or delete the comment.',
  operation: 'proposal',
  reference: 'code-principles.md#review',
}
