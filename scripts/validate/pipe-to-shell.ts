import { visit } from 'unist-util-visit'
import type { Document } from '../core/bundle.ts'
import { pointAt } from '../core/finding.ts'
import type { Report, Rule } from '../core/rule.ts'

/** Arguments up to a pipe: no new command, a backslash may continue the line; bounded, so that it stays linear. */
const words = '\\s+(?:(?!&&)(?:[^\\n|;]|\\\\\\r?\\n)){1,300}'
const pipe = '\\\\?\\|(?!\\|)\\s*'
const shell = '(?:sudo\\s+(?:-\\w+\\s+)*)?(?:/\\S{1,60}/)?(?:env\\s+)?'
/** Its program comes from the pipe: no other arguments follow. */
const end = '(?=\\s*(?:$|["\'`)&;|#\\n]|-(?:\\s|$)|/dev/stdin))'
const shellEnd = '(?=\\s*(?:$|["\'`)&;|#\\n]|-(?:\\s|$)|-[sexu]+\\b|/dev/stdin))'
const piped = new RegExp(
  [
    `\\b(?:curl|wget)\\b${words}(?:${pipe}[^\\n|;]{1,100}){0,2}?${pipe}${shell}(?:(?:ba|z|da|k|a)?sh\\b${shellEnd}|(?:python3?|node|bun|deno|perl|ruby|php)\\b${end})`,
    '\\b(?:(?:ba|z|da|k)?sh|eval|source|python3?)\\s+(?:-c\\s+)?["\']?(?:<\\(|\\$\\()\\s*(?:curl|wget)\\s',
    '\\b(?:iwr|irm|Invoke-WebRequest|Invoke-RestMethod)\\s[^\\n|;]{1,300}\\|\\s*(?:iex|Invoke-Expression)\\b',
    '\\b(?:iex|Invoke-Expression)\\s[^\\n|;]{0,40}\\(\\s*(?:iwr|irm|Invoke-WebRequest|Invoke-RestMethod)\\s',
  ].join('|'),
  'gim',
)
const warned =
  /\b(?:do not|don't|never|avoid|bad|wrong|unsafe|insecure|dangerous|refuse|instead of|rather than)\b|❌|🚫/i
/** Words of a text that shows an attack rather than an installation. */
const attack = /\b(?:attack\w*|payloads?|malicious|evil|exploit\w*|inject\w*|compromised|untrusted|vulnerable|risky)\b/i

/** Code from the network that runs unseen; quiet where the text warns of it or shows an attack. */
export const rule: Rule = {
  id: 'pipe-to-shell',
  summary: 'no download piped into a shell or interpreter',
  severity: 'warning',
  check({ documents }, report) {
    for (const document of documents.values()) {
      const { text, tree } = document
      visit(tree, ['paragraph', 'heading', 'tableRow'], (block) => {
        const words = text.slice(block.position!.start.offset, block.position!.end.offset)
        if (warned.test(words) || attack.test(words)) return
        visit(block, 'inlineCode', ({ position }) =>
          look(document, position!.start.offset!, position!.end.offset!, report),
        )
      })
      visit(tree, 'code', ({ meta, position }) => {
        const words =
          text.slice(position!.start.offset, position!.end.offset) + linesAbove(text, position!.start.offset!)
        if (!/\bbad=/.test(meta ?? '') && !attack.test(words))
          look(document, position!.start.offset!, position!.end.offset!, report)
      })
    }
  },
}

function look({ path, text }: Document, start: number, end: number, report: Report): void {
  const source = text.slice(start, end)
  for (const { index } of source.matchAll(piped)) {
    if (warned.test(linesAbove(text, start + index))) continue
    report(path, 'a download is piped into an interpreter; download, check, then run, or use a package manager', {
      place: pointAt(text, start + index),
    })
  }
}

/** The line up to `offset` and the nearest written line above it, opening lines of fences and comments aside. */
function linesAbove(text: string, offset: number): string {
  const lines = text.slice(Math.max(0, offset - 1_000), offset).split('\n')
  const above = lines.slice(0, -1).findLast((line) => line.trim() !== '' && !/^\s*(?:`{3}|~{3}|<!--)/.test(line))
  return `${above ?? ''}\n${lines.at(-1)}`
}
