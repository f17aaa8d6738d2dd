import type { Heading, List } from 'mdast'
import { toString } from 'mdast-util-to-string'
import type { Position } from 'unist'
import { visit } from 'unist-util-visit'
import type { Document } from '../core/bundle.ts'
import type { Section } from '../core/markdown.ts'
import type { Report, Rule } from '../core/rule.ts'

/** Lines of a reference that needs a list: where another one of the skill has it, and elsewhere. */
const longEnough = { usual: 100, unusual: 300 }

/** A contents list names every level-2 heading in order; long references have one. Lists without anchors are only labels. */
export const rule: Rule = {
  id: 'contents',
  summary: 'a contents list names every level-2 heading, in order, with its anchor; long references have one',
  severity: 'warning',
  check({ documents }, report) {
    const references = [...documents.values()].filter(({ path }) => path.startsWith('references/'))
    const limit = references.some((document) => contentsOf(document)) ? longEnough.usual : longEnough.unusual
    for (const document of documents.values()) checkContents(document, limit, report)
  },
}

function checkContents(document: Document, limit: number, report: Report): void {
  const { contents, list } = contentsOf(document) ?? {}
  if (!list) {
    if (document.path.startsWith('references/') && document.text.split('\n').length > limit) {
      report(
        document.path,
        `a reference of more than ${limit} lines needs a list below "## Contents", so that a partial read shows what there is; add it`,
      )
    }
    return
  }
  const links = anchorLinks(list)
  if (links.length === 0) return
  const wanted = document.sections.filter((section) => section !== contents && section.heading.depth === 2)
  let last = -1
  for (const { heading, text, slug } of wanted) {
    const place = heading.position
    const index = links.findIndex(({ anchor }) => anchor === slug)
    if (index === -1) {
      report(document.path, `the contents list lacks "${text}"; add it`, { place, expected: [`- [${text}](#${slug})`] })
    } else if (index < last) {
      report(document.path, `"${text}" stands elsewhere in the contents list; keep the order of the headings`, {
        place,
      })
    } else if (!isShortFor(links[index]!.text, text)) {
      report(document.path, `the contents list says "${links[index]!.text}", the heading "${text}"; make them equal`, {
        place: links[index]!.place,
        expected: [text],
      })
    }
    last = Math.max(last, index)
  }
}

function contentsOf(document: Document): { contents: Section; list: List } | undefined {
  const contents = document.sections.find(({ text }) => /^(?:table of )?contents$/i.test(text))
  const list = contents && listBelow(document, contents.heading)
  return list && { contents, list }
}

/** Whether a heading begins with what the list says; capitals aside. */
function isShortFor(listed: string, heading: string): boolean {
  return listed !== '' && heading.toLowerCase().startsWith(listed.toLowerCase())
}

function listBelow({ tree }: Document, heading: Heading): List | undefined {
  for (const node of tree.children.slice(tree.children.indexOf(heading) + 1)) {
    if (node.type === 'list') return node
    if (node.type === 'heading') return undefined
  }
  return undefined
}

function anchorLinks(list: List): { anchor: string; text: string; place: Position | undefined }[] {
  const found: ReturnType<typeof anchorLinks> = []
  visit(list, 'link', (link) => {
    if (link.url.startsWith('#'))
      found.push({ anchor: decoded(link.url.slice(1)), text: toString(link), place: link.position })
  })
  return found
}

function decoded(anchor: string): string {
  try {
    return decodeURIComponent(anchor)
  } catch {
    return anchor
  }
}
