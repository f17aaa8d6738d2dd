import Slugger from 'github-slugger'
import type { Heading, Root } from 'mdast'
import { toString } from 'mdast-util-to-string'
import remarkGfm from 'remark-gfm'
import remarkParse from 'remark-parse'
import { unified } from 'unified'
import { visit } from 'unist-util-visit'

const parser = unified().use(remarkParse).use(remarkGfm).freeze()
const maxDepth = 100
const maxCost = 1_000

/** Parse GitHub-flavoured Markdown to mdast. Call only with text that `parseProblem` accepts. */
export function parseMarkdown(text: string): Root {
  return parser.parse(text)
}

/**
 * Why `text` must not be parsed, or undefined when it may be.
 *
 * remark needs time quadratic in the delimiters and lines of one block and in container depth (measured:
 * 160 kB of `*a_ ` or 20,000 lines in one paragraph run for many seconds). The estimate below is linear
 * and errs on the safe side: only fences at column 1 of a document without HTML blocks count as code.
 */
export function parseProblem(text: string): { reason: string; line: number } | undefined {
  const lines = text.split('\n')
  const hasHtml = lines.some((line) => /^ {0,3}</.test(line))
  let cost = text.length / 1_000
  let worst = { cost: 0, line: 1 }
  let block = { delimiters: 0, lines: 0, line: 1 }
  let fence: string | undefined
  const close = (next: number) => {
    const own = 4.5e-5 * block.delimiters ** 2 + 1.5e-5 * block.lines ** 2
    cost += own
    if (own > worst.cost) worst = { cost: own, line: block.line }
    block = { delimiters: 0, lines: 0, line: next }
  }
  for (const [index, line] of lines.entries()) {
    if (fence) {
      if (line.startsWith(fence) && /^([`~])\1*\s*$/.test(line)) fence = undefined
      continue
    }
    const opened = hasHtml ? null : /^(`{3,})[^`]*$|^(~{3,})/.exec(line)
    if (opened) {
      fence = opened[1] ?? opened[2]
      close(index + 2)
      continue
    }
    if (containerDepth(line) > maxDepth) {
      return { reason: `more than ${maxDepth} nested lists or quotes; flatten them`, line: index + 1 }
    }
    if (/^\s*(?:$|[-*+] |\d{1,9}[.)] |\||#)/.test(line)) close(index + 1)
    block.delimiters += countDelimiters(line)
    block.lines++
  }
  close(lines.length)
  if (cost <= maxCost) return undefined
  const line = worst.cost > maxCost / 2 ? worst.line : 1
  return { reason: 'too many Markdown delimiters or lines without a blank line between; split the block', line }
}

const delimiters = new Set('[]*_`~<&!@'.split('').map((char) => char.charCodeAt(0)))

function countDelimiters(line: string): number {
  let count = 0
  for (let i = 0; i < line.length; i++) if (delimiters.has(line.charCodeAt(i))) count++
  return count
}

function containerDepth(line: string): number {
  const prefix = /^(?:[ \t]|>|[*+-](?=\s)|\d{1,9}[.)](?=\s))*/.exec(line)![0]
  const indent = /^[ \t]*/.exec(prefix)![0].replaceAll('\t', '    ').length
  const markers = prefix.match(/[>*+-]|\d[.)]/g)?.length ?? 0
  return markers === 0 ? 0 : markers + Math.floor(indent / 2)
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
