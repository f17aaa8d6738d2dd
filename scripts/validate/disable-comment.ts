import type { Rule } from '../core/rule.ts'

/** Reported while findings are suppressed: see core/suppress.ts. */
export const rule: Rule = {
  id: 'disable-comment',
  summary: 'a comment that disables a rule names it, gives a reason and is needed',
}
