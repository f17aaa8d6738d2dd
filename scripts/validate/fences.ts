import { fenceProof, fencesOf } from '../core/fences.ts'
import type { Rule } from '../core/rule.ts'

/**
 * Every code fence of a bundle that quotes its code says what proves it (references of a repository
 * with an `examples/` folder or with at least one declared fence); elsewhere only the language counts.
 */
export const rule: Rule = {
  id: 'fences',
  summary: 'every fence has a language and declares what proves it; unclosed fences',
  check({ documents }, report) {
    const fences = [...documents.values()].flatMap((document) => fencesOf(document).map((fence) => ({ document, fence })))
    const declares = fences.some(({ fence }) => ['quoted', 'anti-example', 'unchecked'].includes(fenceProof(fence)))
    for (const { document, fence } of fences) {
      const { node, lang, attributes } = fence
      const place = node.position && { ...node.position, end: node.position.start }
      const source = document.text.slice(node.position!.start.offset, node.position!.end.offset)
      if (!/^\s*(`{3,}|~{3,})/.test(source)) continue
      if (!isClosed(source)) report(document.path, 'the code fence is never closed; add the closing fence', { place })
      if (lang === '') report(document.path, 'the code fence has no language; name it (text for output)', { place, severity: 'warning' })
      if (!declares || !(document.path === 'SKILL.md' || document.path.startsWith('references/'))) continue
      if (fenceProof(fence) === 'none' && lang !== '') {
        report(document.path, `nothing proves this ${lang} fence; give it file=…, bad=… or unchecked="reason"`, { place })
      }
      if (attributes.unchecked !== undefined && attributes.unchecked.trim() === '') {
        report(document.path, 'unchecked needs a reason: unchecked="why it is not run"', { place })
      }
    }
  },
}

function isClosed(source: string): boolean {
  const lines = source.trimEnd().split('\n')
  const [mark] = /^\s*(`{3,}|~{3,})/.exec(lines[0]!)!.slice(1) as [string]
  const last = lines.at(-1)!.replace(/^[\s>]*/, '')
  return lines.length > 1 && last.startsWith(mark) && new RegExp(`^${mark[0]}+\\s*$`).test(last)
}
