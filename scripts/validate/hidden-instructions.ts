import { visit } from 'unist-util-visit'
import type { Rule } from '../core/rule.ts'

const orders = [
  /\b(ignore|disregard|forget)\b[^.]{0,40}\b(previous|prior|above|earlier|all)\b[^.]{0,30}\b(instructions?|rules?|prompts?)\b/i,
  /\b(do not|don't|never)\b[^.]{0,30}\b(tell|inform|mention|reveal|show)\b[^.]{0,30}\b(user|human|anyone)\b/i,
  /\b(without|before)\b[^.]{0,20}\b(asking|telling|informing)\b[^.]{0,20}\b(user|human)\b/i,
  /\b(you must|always|silently|secretly|immediately)\b[^.]{0,60}\b(run|execute|send|upload|post|exfiltrate|curl|delete|read)\b/i,
  /\bsystem prompt\b|<\/?(system|assistant|instructions?)>/i,
]

/** Orders to a model in places that a person does not see when the page is rendered. */
export const rule: Rule = {
  id: 'hidden-instructions',
  summary: 'no instructions to the model in comments, link titles or image texts',
  check({ documents }, report) {
    for (const { path, tree } of documents.values()) {
      visit(tree, (node) => {
        const hidden = node.type === 'html' ? (node.value.match(/<!--[\s\S]*?-->/g) ?? []).join(' ')
          : node.type === 'definition' || node.type === 'link' || node.type === 'image' ? `${node.title ?? ''} ${'alt' in node ? node.alt ?? '' : ''}`
          : ''
        if (orders.some((order) => order.test(hidden))) {
          report(path, 'an instruction to the model is hidden in a comment, title or image text; write it as visible text or delete it', { place: node.position })
        }
      })
    }
  },
}
