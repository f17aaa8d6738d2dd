import presetConsistent from 'remark-preset-lint-consistent'
import presetRecommended from 'remark-preset-lint-recommended'
import remarkLint from 'remark-lint'
import { unified } from 'unified'
import { VFile } from 'vfile'
import type { Rule } from '../core/rule.ts'

const linter = unified().use(remarkLint).use(presetRecommended).use(presetConsistent).freeze()

/** Rules that other checks do better, or that flag what skills do on purpose. */
const left = new Set(['no-undefined-references', 'no-unused-definitions'])

/** remark-lint's recommended and consistent presets; `ruleId` of each finding is theirs. */
export const rule: Rule = {
  id: 'markdown-style',
  summary: 'remark-lint presets recommended and consistent',
  severity: 'warning',
  async check({ documents }, report) {
    for (const document of documents.values()) {
      if (document.problem) continue
      const file = new VFile({ path: document.path, value: document.text })
      await linter.run(document.tree, file)
      for (const { reason, ruleId, place, url } of file.messages) {
        if (left.has(ruleId ?? '')) continue
        report(document.path, `${reason} (${ruleId})`, { place, ...(url && { note: url }) })
      }
    }
  },
}
