import { fewerTokensThan, remember, tokenizer } from '../core/tokens.ts'
import type { Rule } from '../core/rule.ts'

/** SKILL.md and references within the configured number of tokens (o200k_base). */
export const rule: Rule = {
  id: 'token-budget',
  summary: 'SKILL.md and each reference stay within their token budget',
  severity: 'warning',
  async check(bundle, report, { budgets }) {
    for (const { path, text } of bundle.documents.values()) {
      const isSkill = path === 'SKILL.md'
      if (!isSkill && !path.startsWith('references/')) continue
      const budget = isSkill ? budgets.skillTokens : budgets.referenceTokens
      if (Buffer.byteLength(text) <= budget || fewerTokensThan(text) <= budget) continue
      const tokens = (await tokenizer())(text)
      remember(bundle, path, tokens)
      if (tokens > budget)
        report(path, `${tokens} tokens, the budget is ${budget}; cut words or move detail to another reference`)
    }
  },
}
