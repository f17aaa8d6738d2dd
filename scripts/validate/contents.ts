import type { List } from 'mdast'
import { toString } from 'mdast-util-to-string'
import { visit } from 'unist-util-visit'
import type { Document } from '../core/bundle.ts'
import type { Report, Rule } from '../core/rule.ts'

const longEnough = 100

/** A contents list names every level-2 heading in order and links to it; long references have one. */
export const rule: Rule = {
  id: 'contents',
  summary: 'a contents list names every level-2 heading, in order, with its anchor',
  check({ documents }, report) {
    for (const document of documents.values()) checkContents(document, report)
  },
}

function checkContents(document: Document, report: Report): void {
  const own = document.sections.filter(({ heading }) => heading.depth === 2)
  const contents = own.find(({ text }) => /^(table of )?contents$/i.test(text))
  if (!contents) {
    if (document.path.startsWith('references/') && document.text.split('\n').length > longEnough) {
      report(document.path, `a reference of more than ${longEnough} lines needs a "## Contents" list, so that a partial read shows what there is`, { severity: 'warning' })
    }
    return
  }
  const list = document.tree.children[document.tree.children.indexOf(contents.heading) + 1]
  if (list?.type !== 'list') {
    report(document.path, 'a list of links is due below "Contents"', { place: contents.heading.position })
    return
  }
  const wanted = own.filter((section) => section !== contents)
  const listed = topLinks(list)
  for (const [index, section] of wanted.entries()) {
    if (!listed.some(({ url }) => url === `#${section.slug}`)) {
      report(document.path, `the contents list lacks "${section.text}"`, { place: section.heading.position, expected: [`- [${section.text}](#${section.slug})`] })
    } else if (listed.length === wanted.length && listed[index]!.url !== `#${section.slug}`) {
      report(document.path, `"${section.text}" stands elsewhere in the contents list; keep the order of the headings`, { place: section.heading.position })
    }
  }
  for (const { url, text, position } of listed) {
    const section = wanted.find(({ slug }) => url === `#${slug}`)
    if (!section) report(document.path, `the contents list names "${text}", which is no level-2 heading here`, { place: position })
    else if (section.text !== text) report(document.path, `the contents list says "${text}", the heading "${section.text}"`, { place: position, expected: [section.text] })
  }
}

function topLinks(list: List) {
  return list.children.flatMap((item) => {
    const found: { url: string; text: string; position: typeof item.position }[] = []
    visit(item, (node) => {
      if (node !== item && node.type === 'list') return 'skip'
      if (node.type === 'link') found.push({ url: node.url, text: toString(node), position: node.position })
    })
    return found
  })
}
