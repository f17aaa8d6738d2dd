import presetConsistent from 'remark-preset-lint-consistent'
import presetRecommended from 'remark-preset-lint-recommended'
import { unified, type PluggableList } from 'unified'
import { VFile } from 'vfile'
import type { Rule } from '../core/rule.ts'

/**
 * Left out: brackets in prose are no reference, unused definitions are our way to comment, and neither bare
 * links (GFM makes them links), nor the padding of cells, nor a missing last newline change what is read.
 */
const left = [
  'no-undefined-references',
  'no-unused-definitions',
  'no-literal-urls',
  'table-cell-padding',
  'final-newline',
]
const presets = [presetRecommended, presetConsistent].flatMap(({ plugins }): PluggableList => plugins ?? [])
const linter = unified().use(presets.filter(isWanted)).freeze()

/** remark-lint's recommended and consistent presets; of the same remark in one file, only the first is told. */
export const rule: Rule = {
  id: 'markdown-style',
  summary: 'remark-lint presets recommended and consistent',
  severity: 'warning',
  async check({ documents }, report) {
    for (const document of documents.values()) {
      if (document.problem) continue
      const file = new VFile({ path: document.path, value: document.text })
      await linter.run(document.tree, file)
      const byRule = Map.groupBy(file.messages, ({ ruleId }) => ruleId ?? '')
      for (const [id, [first, ...more]] of byRule) {
        const again = more.length > 0 ? `, and ${more.length} more` : ''
        report(document.path, `${first!.reason} (${id}${again})`, {
          place: first!.place,
          ...(first!.url && { note: first!.url }),
        })
      }
    }
  },
}

function isWanted(plugin: unknown): boolean {
  const { name } = (Array.isArray(plugin) ? plugin[0] : plugin) as { name: string }
  return !left.includes(name.replace('remark-lint:', ''))
}
