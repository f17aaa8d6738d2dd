import type { Nodes } from 'mdast'
import { visit } from 'unist-util-visit'
import type { Rule } from '../core/rule.ts'

const orders = [
  /\b(?:ignore|disregard|forget|override)\b[^.]{0,40}\b(?:previous|prior|above|earlier|all|system)\b[^.]{0,30}\b(?:instructions?|prompts?|guidelines|directives?)\b/i,
  /\b(?:do not|don't|never)\b[^.]{0,30}\b(?:tell|inform|mention|reveal|show)\b[^.]{0,30}\b(?:users?|humans?|anyone)\b/i,
  /\bwithout\b[^.]{0,20}\b(?:asking|telling|informing|notifying)\b[^.]{0,20}\b(?:users?|humans?|anyone)\b/i,
  /\b(?:silently|secretly|covertly|quietly)\b[^.]{0,60}\b(?:run|execute|send|upload|post|exfiltrate|delete|read|install)\b/i,
  /\b(?:send|upload|post|forward|leak|exfiltrate)\b[^.]{0,60}(?:\b(?:credentials?|api keys?|ssh keys?|tokens?|secrets?|passwords?)\b|\.env\b)/i,
  /<\|im_start\|>|\[INST\]|<\/?system>/i,
]
const unseen =
  /\bstyle\s*=[^>]*(?:display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0|opacity\s*:\s*0(?![.\d]))|<\w+[^>]*\shidden(?:\s|>|=)/i

/** Orders to a model in places that a person does not see when the page is rendered. */
export const rule: Rule = {
  id: 'hidden-instructions',
  summary: 'no instructions to the model in comments, link titles or image texts',
  check({ documents }, report) {
    for (const { path, tree } of documents.values()) {
      visit(tree, (node) => {
        const text = hiddenText(node)
        if (text === '' || !orders.some((order) => order.test(text))) return
        report(
          path,
          'an instruction to the model is hidden in a comment, title or image text; write it as visible text or delete it',
          { place: node.position },
        )
      })
    }
  },
}

function hiddenText(node: Nodes): string {
  switch (node.type) {
    case 'html':
      return unseen.test(node.value.slice(0, 2_000)) ? node.value : commentsIn(node.value)
    case 'image':
      return `${node.alt ?? ''}\n${node.title ?? ''}`
    case 'imageReference':
      return node.alt ?? ''
    case 'link':
    case 'definition':
      return node.title ?? ''
    default:
      return ''
  }
}

function commentsIn(html: string): string {
  let found = ''
  for (let start = html.indexOf('<!--'); start !== -1;) {
    const end = html.indexOf('-->', start + 4)
    found += `${html.slice(start + 4, end === -1 ? html.length : end)}\n`
    start = end === -1 ? -1 : html.indexOf('<!--', end)
  }
  return found
}
