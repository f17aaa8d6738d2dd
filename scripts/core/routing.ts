import GithubSlugger from 'github-slugger'
import type { Table, TableRow } from 'mdast'
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
 * Rows of the routing table of SKILL.md: a table whose header says "Open when …" and "Read" and that
 * labels symptoms in bold. Empty when there is none; tables of other skills have no labels.
 */
export function routesOf({ tree }: Document): Route[] {
  const urls = new Map<string, string>()
  visit(tree, 'definition', ({ identifier, url }) => {
    urls.set(identifier, url)
  })
  const routes: Route[] = []
  visit(tree, 'table', (table: Table) => {
    const header = table.children[0]?.children.map((cell) => toString(cell).trim()) ?? []
    if (!/^open when\b/i.test(header[0] ?? '') || !/^read\b/i.test(header.at(-1) ?? '')) return
    const rows = table.children
      .slice(1)
      .filter((row) => row.children.length > 0)
      .map((row) => routeOf(row, urls))
    if (rows.some(({ symptom }) => symptom !== '')) routes.push(...rows)
  })
  return routes
}

function routeOf(row: TableRow, urls: Map<string, string>): Route {
  const references = new Set<string>()
  const add = (path: string) => {
    const name = /^(?:\.\/)?references\/([^#?]+\.md)(?:[#?]|$)/.exec(path)?.[1]
    if (name) references.add(name)
  }
  let label = ''
  visit(row.children[0]!, 'strong', (strong) => {
    label ||= toString(strong)
  })
  visit(row, (node) => {
    if (node.type === 'link') add(node.url)
    else if (node.type === 'linkReference') add(urls.get(node.identifier) ?? '')
    else if (node.type === 'inlineCode' || node.type === 'text') add(node.value.trim())
  })
  return {
    symptom: slug(label),
    text: toString(row.children[0]!),
    references: [...references],
    position: row.position!,
  }
}

function slug(label: string): string {
  return new GithubSlugger().slug(label.replace(/[:.]+$/, ''))
}

/** List items below the "When NOT to use" heading. */
export function exclusionsOf({ tree }: Document): { text: string; stems: string[]; position: Position }[] {
  const found: { text: string; stems: string[]; position: Position }[] = []
  let inside = false
  for (const node of tree.children) {
    if (node.type === 'heading') inside = /\bwhen not\b|\bnot to use\b/i.test(toString(node))
    else if (inside && node.type === 'list') {
      for (const item of node.children) {
        const text = toString(item)
        found.push({ text, stems: stems(text.split('→')[0]!), position: item.position! })
      }
    }
  }
  return found
}
