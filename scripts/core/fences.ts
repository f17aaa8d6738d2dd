import type { Code } from 'mdast'
import { visit } from 'unist-util-visit'
import type { Document } from './bundle.ts'

export interface Fence {
  node: Code
  lang: string
  /** Attributes of the info string, e.g. `file=…`, `run=…`, `bad=…`, `unchecked="…"`, `error=…`. */
  attributes: Record<string, string>
  /** What of the info string is no attribute. */
  rest: string
}

const attribute = /([\w-]+)=(?:"([^"]*)"|(\S+))/g

/** Code fences of a document in order (indented code is not a fence and has no language). */
export function fencesOf(document: Document): Fence[] {
  const fences: Fence[] = []
  visit(document.tree, 'code', (node) => {
    const attributes: Record<string, string> = {}
    const rest = (node.meta ?? '')
      .replace(attribute, (_, key: string, quoted?: string, plain?: string) => {
        attributes[key] = quoted ?? plain ?? ''
        return ''
      })
      .trim()
    fences.push({ node, lang: node.lang ?? '', attributes, rest })
  })
  return fences
}

/** Languages whose fences claim nothing that could be executed. */
export const plainLanguages = new Set(['text', 'txt', 'markdown', 'md', 'diff', 'log', 'output', 'mermaid'])

/**
 * What proves a fence: `quoted` from a source file, `run` on a real server or by the test that `run=…`
 * names, `anti-example` that must trip a red flag, `unchecked` with a reason, `text`, or `none`.
 */
export function fenceProof({
  lang,
  attributes,
}: Fence): 'quoted' | 'run' | 'anti-example' | 'unchecked' | 'text' | 'none' {
  if (attributes.file) return 'quoted'
  if (attributes.run) return 'run'
  if (attributes.bad) return 'anti-example'
  if (attributes.unchecked !== undefined) return 'unchecked'
  if (lang === 'sql' || lang === 'sh') return 'run'
  return plainLanguages.has(lang) ? 'text' : 'none'
}
