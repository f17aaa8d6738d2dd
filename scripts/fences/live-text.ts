import type { Table } from 'mdast'
import { toString } from 'mdast-util-to-string'
import { visit } from 'unist-util-visit'
import type { Document } from '../core/bundle.ts'
import { fencesOf } from '../core/fences.ts'

export interface Code {
  lang: string
  text: string
  /** Offset of `text` in the document. */
  start: number
}

/** What a document says is right: its text without anti-examples and without the cells that quote a mistake. */
export interface LiveText {
  document: Document
  /** The whole document; what is left out is blank, so that offsets are those of the document. */
  text: string
  /** `text` without fences. */
  prose: string
  code: Code[]
}

/** Columns that show what not to write. */
const mistakes = /^(don't|commonly written|see it|excuse|pattern|flag|if the project has)$/i

/** Leave `bad=` fences and table cells that quote a mistake out of a document. */
export function liveText(document: Document): LiveText {
  let { text } = document
  let prose = text
  const code: Code[] = []
  visit(document.tree, 'table', (table) => {
    for (const cell of mistakenCells(table)) text = blank(text, cell.position!)
  })
  prose = text
  for (const { node, attributes } of fencesOf(document)) {
    prose = blank(prose, node.position!)
    if (attributes.bad !== undefined) {
      text = blank(text, node.position!)
    } else {
      const start = document.text.indexOf('\n', node.position!.start.offset) + 1
      code.push({ lang: node.lang ?? '', text: node.value, start })
    }
  }
  return { document, text, prose, code }
}

function mistakenCells(table: Table): Table['children'][number]['children'] {
  const [head, ...rows] = table.children
  const columns = head!.children.flatMap((cell, index) => (mistakes.test(toString(cell).trim()) ? [index] : []))
  return rows.flatMap((row) => columns.flatMap((index) => row.children[index] ?? []))
}

function blank(text: string, { start, end }: { start: { offset?: number }; end: { offset?: number } }): string {
  const [from, to] = [start.offset!, end.offset!]
  return text.slice(0, from) + text.slice(from, to).replace(/[^\n]/g, ' ') + text.slice(to)
}

/** Offsets of the matches of `pattern` in `text`, moved by `start`. */
export function offsetsOf(text: string, pattern: RegExp, start = 0): number[] {
  return [...text.matchAll(new RegExp(pattern, `${pattern.flags}g`))].map(({ index }) => start + index)
}

/** Offsets of the lines of `text` that `isWrong`; a line is a paragraph, a list item or a table row. */
export function linesWhere(text: string, isWrong: (line: string) => boolean): number[] {
  let offset = 0
  return text.split('\n').flatMap((line) => {
    const start = offset
    offset += line.length + 1
    return isWrong(line) ? [start + line.search(/\S/)] : []
  })
}

/** Offsets of the sentences and table cells of `text` that `isWrong`. */
export function sentencesWhere(text: string, isWrong: (sentence: string) => boolean): number[] {
  let offset = 0
  return text.split(/((?<=[.;?!]) |\n| \| )/).flatMap((part) => {
    const start = offset
    offset += part.length
    return isWrong(part) ? [start] : []
  })
}
