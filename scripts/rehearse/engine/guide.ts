import type { Nodes, Paragraph } from 'mdast'
import { toString } from 'mdast-util-to-string'
import Slugger from 'github-slugger'
import { visit } from 'unist-util-visit'
import type { Document } from '../../core/bundle.ts'
import { fencesIn, guideDocuments, type PlacedFence } from '../../fences/documents.ts'

export const path = 'references/runbooks.md'

/** A section of the runbooks that ends an incident. */
export interface Runbook {
  /** Anchor of the heading, which is also the name of its rehearsal. */
  name: string
  title: string
  line: number
  /** The section as written, without its fences. */
  prose: string
  /** Exact texts that its first paragraph promises to be seen. */
  symptoms: string[]
  /** Prints only when the answer is yes. */
  confirm: PlacedFence
  /** What comes after it, in order. */
  more: PlacedFence[]
  /** What changes something, one clause each, as it is marked (P), (B) or (D). */
  steps: string[]
}

export interface Guide {
  /** Shell functions that the blocks of all runbooks use. */
  functions: string
  firstMinutes: PlacedFence
  runbooks: Runbook[]
}

/** The runbooks as they stand in the repository. */
export function readGuide(): Guide {
  const document = guideDocuments().find((one) => one.path === path)
  if (!document) throw new Error(`${path} is missing; restore it`)
  return guideOf(document)
}

/** The runbooks of `document`: its level-3 headings. Throws where one lacks the form that a reader relies on. */
export function guideOf(document: Document): Guide {
  const slugger = new Slugger()
  const headings = document.tree.children.flatMap((node, index) => {
    if (node.type !== 'heading') return []
    const title = toString(node)
    return [{ name: slugger.slug(title), title, depth: node.depth, index, line: node.position!.start.line }]
  })
  const fences = fencesIn([document])
  const parts = headings.map((heading, i) => {
    const end = headings[i + 1]
    const nodes = document.tree.children.slice(heading.index + 1, end?.index)
    const own = fences.filter(({ line }) => line > heading.line && line < (end?.line ?? Infinity))
    return { ...heading, nodes, fences: own }
  })
  const start = parts.find(({ name }) => name === 'first-five-minutes')
  const firstMinutes = start?.fences[0]
  if (!firstMinutes) throw new Error(`${document.path} has no block in "First five minutes"; its functions are needed`)
  const runbooks = parts.filter(({ depth }) => depth === 3).map((part) => runbookOf(document, part))
  if (runbooks.length === 0) throw new Error(`${document.path} has no runbook; each is a heading of level 3`)
  return { functions: functionsOf(firstMinutes), firstMinutes, runbooks }
}

interface Part {
  name: string
  title: string
  line: number
  nodes: Nodes[]
  fences: PlacedFence[]
}

function runbookOf(document: Document, { name, title, line, nodes, fences }: Part): Runbook {
  const at = `${document.path}:${line} "${title}"`
  const [confirm, ...more] = fences
  const first = nodes[0]
  if (!confirm) throw new Error(`${at} has no block that confirms it; write one that prints only when the answer is yes`)
  if (first?.type !== 'paragraph') throw new Error(`${at} does not begin with its symptoms; write a paragraph of them`)
  const prose = nodes
    .filter(({ type }) => type !== 'code')
    .map(({ position }) => document.text.slice(position!.start.offset, position!.end.offset))
    .join('\n')
  return { name, title, line, prose, symptoms: codesIn(first), confirm, more, steps: stepsOf(prose) }
}

function codesIn(paragraph: Paragraph): string[] {
  const codes: string[] = []
  visit(paragraph, 'inlineCode', ({ value }) => void codes.push(value))
  return codes
}

/** Clauses that end in a mark of their class, without the mark. */
function stepsOf(prose: string): string[] {
  return [...prose.matchAll(/([^\n.;()]|\.(?=\S)|\([^BPD][^)]*\))*?\((?:B|P|D)\)/g)]
    .map(([clause]) => clause.replace(/\((?:B|P|D)\)$/, '').replace(/^[-,:\s]+/, '').trim())
}

function functionsOf({ node }: PlacedFence): string {
  return node.value.split('\n').filter((line) => /^\w+\(\) \{/.test(line)).join('\n')
}
