import Slugger from 'github-slugger'
import type { Heading, Root } from 'mdast'
import { toString } from 'mdast-util-to-string'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { visit } from 'unist-util-visit'
import { pointAt } from './finding.ts'

const parser = unified().use(remarkParse).use(remarkGfm).freeze()
const maxDepth = 100
/** In estimated milliseconds. */
const maxCost = 1_000

/** Parse GitHub-flavoured Markdown to mdast. Call only with text that `estimate` finds no problem in. */
export function parseMarkdown(text: string): Root {
  const tree = parser.parse(text)
  if (/@|www\.|https?:/i.test(text)) placeAll(tree, text)
  return tree
}

/** Give each node a position; remark leaves out those of the addresses that it finds in plain text. */
function placeAll(tree: Root, text: string): void {
  visit(tree, (node, index, parent) => {
    if (node.position || !parent || index === undefined) return
    const from = parent.children[index - 1]?.position?.end.offset ?? parent.position!.start.offset!
    const value = toString(node)
    const at = from + text.slice(from, parent.position!.end.offset).indexOf(value)
    node.position = at < from ? parent.position! : { start: pointAt(text, at), end: pointAt(text, at + value.length) }
  })
}

/** What one block of text holds, and where it starts. */
interface Block {
  delimiters: number
  words: number
  /** Brackets that are open, and those that close none. */
  open: number
  stray: number
  lines: number
  line: number
  first: string
  isTable: boolean
}

export interface Estimate {
  /** Milliseconds that parsing would take, roughly. */
  cost: number
  /** Why the text must not be parsed. */
  problem?: { reason: string; line: number }
}

/**
 * What it costs to parse `text`, and why it must not be done.
 *
 * remark needs time quadratic in the delimiters, in the lines and, after an unclosed "[", in the words of one
 * block (160 kB of `*a_ ` run for half a minute), and in the number of lists, quotes and underlined headings
 * times everything else. The estimate below was fitted to measurements, is linear and errs on the safe side:
 * only what surely ends a block ends it, and only fences at column 1 of a document without HTML are code.
 */
export function estimate(text: string): Estimate {
  const lines = text.split(/\r\n|\n|\r/)
  const hasHtml = lines.some((line) => /^ {0,3}</.test(line))
  const start = (line: number): Block => ({
    delimiters: 0, words: 0, open: 0, stray: 0, lines: 0, line, first: '', isTable: false,
  })
  let cost = text.length / 1_000 + 0.03 * (text.match(/www\.|:\/\//gi)?.length ?? 0)
  if (hasHtml) cost += htmlCost(text)
  let delimiters = 0
  let filled = 0
  let containers = 0
  let worst = { cost: 0, line: 1 }
  let block = start(1)
  let fence: string | undefined
  let deepest = 0
  let previous = ''
  const close = (next: number) => {
    if (block.lines > 0) {
      const { delimiters, words, stray, lines } = block
      const pieces = delimiters + words
      const own = 4.5e-5 * delimiters ** 2 + 1.5e-5 * lines ** 2 + 1.2e-4 * stray * pieces + (delimiters > 0 ? 6e-6 * words ** 2 : 0)
      cost += own + 0.08
      if (own > worst.cost) worst = { cost: own, line: block.line }
    }
    block = start(next)
  }
  for (const [index, line] of lines.entries()) {
    cost += 0.007
    if (fence) {
      if (/^ {0,3}([`~])\1*[ \t]*$/.test(line) && line.trimStart().startsWith(fence)) fence = undefined
      continue
    }
    const opened = hasHtml ? null : /^(`{3,})[^`]*$|^(~{3,})/.exec(line)
    if (opened) {
      fence = opened[1] ?? opened[2]
      close(index + 2)
      cost += 0.05
      previous = ''
      continue
    }
    if (/^[ \t]*$/.test(line)) {
      close(index + 2)
      if (previous.includes('>')) previous = ''
      continue
    }
    const { markers, indent, signature } = containersOf(line)
    const depth = markers === 0 ? Math.min(deepest, indent / 2) : markers + indent / 2
    if (markers > 0) deepest = Math.max(deepest, depth)
    if (depth > maxDepth) {
      return { cost, problem: { reason: `more than ${maxDepth} nested lists or quotes; flatten them`, line: index + 1 } }
    }
    if (signature !== previous && (markers > 0 || indent === 0)) {
      containers += 1 + markers
      previous = signature
    } else if (markers > 1 || signature.includes('[')) containers += markers
    if (/^[\s>]*(?:-+|=+)\s*$/.test(line)) containers += 2
    if (block.isTable || /^ {0,3}(?:[-*+][ \t]+\S|#{1,6}[ \t])/.test(line)) {
      const { isTable } = block
      close(index + 1)
      block.isTable = isTable
    }
    if (block.lines === 1 && isDelimiterRow(line, block.first)) block.isTable = true
    const own = countIn(line, delimiterCodes)
    block.first ||= line
    block.delimiters += own
    countBrackets(line, block)
    block.words += line.match(/[\w.+-]+/g)?.length ?? 0
    block.lines++
    filled++
    delimiters += own
    cost += 0.02 + 0.006 * deepest + 0.03 * countIn(line, pipeCodes)
  }
  close(lines.length)
  cost += 0.025 * delimiters + 8e-5 * containers * (filled + delimiters / 4)
  if (cost <= maxCost) return { cost }
  const problem = worst.cost > maxCost / 2
    ? { reason: 'too many Markdown delimiters, words or lines without a blank line between; split the block', line: worst.line }
    : { reason: 'too many lines, lists or links for one document; split the file', line: 1 }
  return { cost, problem }
}

/** remark-lint looks for marker comments with an expression that backtracks over white space and over unclosed comments. */
function htmlCost(text: string): number {
  let cost = 0
  for (const [run] of text.trimStart().matchAll(/\s{200,}/g)) cost += 2e-6 * run.length ** 2
  for (const comment of text.split('-->')) {
    const named = comment.split('<!--').slice(1).filter((start) => /^\s*[a-z\d-]/i.test(start)).length
    cost += 3e-5 * Math.max(0, named - 1) * text.length
  }
  return cost
}

const codesOf = (chars: string) => new Set(chars.split('').map((char) => char.charCodeAt(0)))
const delimiterCodes = codesOf('[]*_`~<&!@')
const pipeCodes = codesOf('|')

function countIn(line: string, codes: Set<number>): number {
  let count = 0
  for (let i = 0; i < line.length; i++) if (codes.has(line.charCodeAt(i))) count++
  return count
}

function countBrackets(line: string, block: Block): void {
  for (const [bracket] of line.matchAll(/[[\]]/g)) {
    if (bracket === '[') block.open++
    else if (block.open > 0) block.open--
    else block.stray++
  }
}

/** Whether `line` makes a table of the line above it; only a table's rows are blocks of their own. */
function isDelimiterRow(line: string, above: string): boolean {
  if (!/^[ |:-]*$/.test(line) || !line.includes('-') || !line.includes('|')) return false
  const cells = (row: string) => row.trim().replace(/^\||\|$/g, '').split(/(?<!\\)\|/).length
  return cells(line) === cells(above)
}

/** Markers of lists, quotes and footnotes in front of a line, their indentation, and what both look like. */
function containersOf(line: string): { markers: number; indent: number; signature: string } {
  const prefix = /^(?:[ \t]|>|[*+-](?=\s|$)|\d{1,9}[.)](?=\s|$)|\[\^[^\]\s]+\]:)*/.exec(line)![0]
  const indent = /^[ \t]*/.exec(prefix)![0].replaceAll('\t', '    ').length
  const marks = prefix.match(/\[\^[^\]]+\]:|[>*+-]|\d[.)]/g) ?? []
  return { markers: marks.length, indent, signature: marks.length === 0 ? '' : prefix.replace(/\d+/g, '1') }
}

export interface Section {
  heading: Heading
  text: string
  /** GitHub's anchor for this heading, with `-1`, `-2` … for repeated titles. */
  slug: string
}

/** Headings in order with the anchors that GitHub gives them. */
export function sections(tree: Root): Section[] {
  const slugger = new Slugger()
  const found: Section[] = []
  visit(tree, 'heading', (heading) => {
    const text = toString(heading, { includeImageAlt: false, includeHtml: false })
    found.push({ heading, text, slug: slugger.slug(text) })
  })
  return found
}
