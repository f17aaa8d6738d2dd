import { visit } from 'unist-util-visit'
import { pointAt } from '../core/finding.ts'
import type { Rule } from '../core/rule.ts'

const piped = /\b(?:curl|wget|fetch|iwr|Invoke-WebRequest)\b[^\n|;]*\|\s*(?:sudo\s+)?(?:\S*\/)?(?:env\s+)?(?:ba|z|da|k)?sh\b|\b(?:ba|z)?sh\s+(?:-c\s+)?["']?(?:<\(|\$\()\s*(?:curl|wget)\b|\b(?:curl|wget)\b[^\n|;]*\|\s*(?:sudo\s+)?(?:python3?|node|bun|perl|ruby|iex)\b/g
const warnedOf = /\b(do not|don't|never|avoid|bad|wrong|unsafe|refuse)\b/i

/** Code from the network that runs unseen. */
export const rule: Rule = {
  id: 'pipe-to-shell',
  summary: 'no download piped into a shell or interpreter',
  check({ documents }, report) {
    for (const { path, text, tree } of documents.values()) {
      visit(tree, (node) => {
        if (node.type !== 'code' && node.type !== 'inlineCode') return
        const start = node.position!.start.offset!
        const source = text.slice(start, node.position!.end.offset)
        const line = text.slice(text.lastIndexOf('\n', start) + 1, text.indexOf('\n', start + 1))
        if (node.type === 'inlineCode' && warnedOf.test(line)) return
        for (const match of source.matchAll(piped)) {
          report(path, 'a download is piped into an interpreter; download, check, then run, or use a package manager', { place: pointAt(text, start + match.index) })
        }
      })
    }
  },
}
