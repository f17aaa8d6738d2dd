import GithubSlugger from 'github-slugger'
import type { Table } from 'mdast'
import { toString } from 'mdast-util-to-string'
import { visit } from 'unist-util-visit'
import type { Position } from 'unist'
import type { Document } from './bundle.ts'
import { stems } from './words.ts'

export interface Route {
  /** Anchor-like id of the row's bold label: "**Middleware order**" → `middleware-order`. */
  symptom: string
  /** Text of the row's first cell. */
  text: string
  /** File names below references/ that the row links to, in order. */
  references: string[]
  position: Position
}

/**
 * Rows of the routing table of SKILL.md: the table whose header says "Open when …" and "Read".
 * Empty when there is none.
 */
export function routesOf({ tree }: Document): Route[] {
  const routes: Route[] = []
  visit(tree, 'table', (table: Table) => {
    const header = table.children[0]?.children.map((cell) => toString(cell).trim()) ?? []
    if (!/^open when/i.test(header[0] ?? '') || !/^read/i.test(header.at(-1) ?? '')) return
    for (const row of table.children.slice(1)) {
      const [first] = row.children
      if (!first) continue
      const references: string[] = []
      visit(row, 'link', ({ url }) => {
        const name = /^(?:\.\/)?references\/([^/#]+\.md)/.exec(url)?.[1]
        if (name && !references.includes(name)) references.push(name)
      })
      let label = ''
      visit(first, 'strong', (strong) => { label ||= toString(strong) })
      routes.push({ symptom: slug(label), text: toString(first), references, position: row.position! })
    }
  })
  return routes
}

function slug(label: string): string {
  return new GithubSlugger().slug(label.replace(/[:.]+$/, ''))
}

/** List items below the "When NOT to use" heading. */
export function exclusionsOf({ tree }: Document): { text: string; stems: string[]; position: Position }[] {
  const found: { text: string; stems: string[]; position: Position }[] = []
  let inside = false
  for (const node of tree.children) {
    if (node.type === 'heading') inside = /when not|not to use/i.test(toString(node))
    else if (inside && node.type === 'list') {
      for (const item of node.children) {
        const text = toString(item)
        found.push({ text, stems: stems(text.split('→')[0]!), position: item.position! })
      }
    }
  }
  return found
}
