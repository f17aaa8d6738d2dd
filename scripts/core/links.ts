import type { Html, Nodes, Parents, PhrasingContent } from 'mdast'
import { toString } from 'mdast-util-to-string'
import { SKIP, visit } from 'unist-util-visit'
import type { Position } from 'unist'
import type { Document } from './bundle.ts'
import { tagsOf } from './html.ts'
import { bareLine, isOutput, pathsIn, wholePath } from './paths.ts'

export interface Reference {
  /**
   * `link`, `image`, `definition` and `html` are what they say; a `path` is a line that holds nothing but a
   * path; a `mention` is a path inside a sentence or a code span, which may also be about something else.
   */
  kind: 'link' | 'image' | 'definition' | 'html' | 'path' | 'mention'
  /** Target as the parser understands it: escapes and entities resolved, percent-encoding kept. */
  url: string
  place: Position
  /** A web address that stands in the text as it is. */
  automatic?: boolean
  /** A path that the text says is written, or is only an example. */
  output?: boolean
}

export interface UndefinedReference {
  text: string
  label: string
  place: Position
}

const cache = new WeakMap<Document, Reference[]>()
const htmlTargets: Record<string, string> = {
  a: 'href',
  area: 'href',
  img: 'src',
  video: 'src',
  audio: 'src',
  source: 'src',
}

/** Everything in `document` that points somewhere, in order of appearance; nothing from code blocks and comments. */
export function referencesOf(document: Document): Reference[] {
  let found = cache.get(document)
  if (!found) cache.set(document, (found = collect(document)))
  return found
}

function collect(document: Document): Reference[] {
  const found: Reference[] = []
  const place = locator(document.text)
  walk(document.tree, [], (node, ancestors) => {
    const start = node.position?.start.offset ?? 0
    switch (node.type) {
      case 'link':
        found.push({
          kind: 'link',
          url: node.url,
          place: node.position!,
          ...(isAutomatic(node, document.text) && { automatic: true }),
        })
        return
      case 'image':
      case 'definition':
        found.push({ kind: node.type, url: node.url, place: node.position! })
        return
      case 'html':
        for (const { url, from, to } of htmlLinks(node.value)) {
          found.push({
            kind: 'html',
            url,
            place: isVerbatim(node, document.text) ? place(start + from, start + to) : node.position!,
          })
        }
        return
      case 'inlineCode': {
        const path = wholePath(node.value)
        if (path === undefined || isInLink(ancestors)) return
        found.push({
          kind: 'mention',
          url: path,
          place: node.position!,
          output: isOutput(before(document, ancestors, start)),
        })
        return
      }
      case 'text': {
        if (isInLink(ancestors)) return
        const source = document.text.slice(start, node.position!.end.offset)
        for (const { url, from, to } of htmlLinks(source))
          found.push({ kind: 'html', url, place: place(start + from, start + to) })
        for (const { path, at } of pathsIn(source)) {
          found.push({
            kind: bareLine(document.text, start + at, path) ? 'path' : 'mention',
            url: path,
            place: place(start + at, start + at + path.length),
            output: isOutput(before(document, ancestors, start + at)),
          })
        }
      }
    }
  })
  return found
}

function walk(node: Nodes, ancestors: Parents[], visitor: (node: Nodes, ancestors: Parents[]) => void): void {
  visitor(node, ancestors)
  if (!('children' in node)) return
  ancestors.push(node)
  for (const child of node.children) walk(child, ancestors, visitor)
  ancestors.pop()
}

function isAutomatic(node: Nodes, text: string): boolean {
  return !text.startsWith('[', node.position!.start.offset)
}

/** Also asked for plain text, since micromark takes `<a href=a/b>` for text where GitHub sees a tag. */
function htmlLinks(html: string): { url: string; from: number; to: number }[] {
  return tagsOf(html).flatMap(({ name, attributes, start, end }) => {
    const url = attributes[htmlTargets[name] ?? '']
    return url && html[start - 1] !== '\\' ? [{ url, from: start, to: end }] : []
  })
}

/** Inside a list or a quote the value lacks the indentation, so that its offsets are not those of the file. */
function isVerbatim({ value, position }: Html, text: string): boolean {
  return text.startsWith(value, position!.start.offset)
}

function isInLink(ancestors: Nodes[]): boolean {
  return ancestors.some(({ type }) => type === 'link' || type === 'linkReference')
}

/** What the reader has read just before: the block up to `offset`, or the sentence that announces it. */
function before(document: Document, ancestors: Parents[], offset: number): string {
  const block = ancestors.findLast(({ type }) => type === 'paragraph' || type === 'heading' || type === 'tableCell')
  const own = document.text.slice(Math.max(block?.position?.start.offset ?? 0, offset - 160), offset)
  if (/[\p{L}\p{N}]/u.test(own)) return own
  for (let depth = ancestors.length - 1; depth > 0; depth--) {
    if (ancestors[depth]!.type === 'listItem') continue
    const siblings: Nodes[] = ancestors[depth - 1]!.children
    const previous = siblings[siblings.indexOf(ancestors[depth]!) - 1]
    if (previous?.type === 'paragraph') return announcement(toString(previous))
  }
  return ''
}

function announcement(text: string): string {
  return text.trimEnd().endsWith(':') ? text.slice(-160) : ''
}

const full = /(^|[\s(*_~"'“‘—–|!])\[(?!\^)((?:[^[\]\\]|\\.)+)\]\[((?:[^[\]\\]|\\.)*)\]/g

/** References of the form `[text][label]` and `[label][]` whose label is defined nowhere in `document`. */
export function undefinedReferences(document: Document): UndefinedReference[] {
  const found: UndefinedReference[] = []
  const place = locator(document.text)
  visit(document.tree, (node) => {
    if (node.type !== 'paragraph' && node.type !== 'heading' && node.type !== 'tableCell') return
    const base = node.position!.start.offset!
    const source = masked(document.text.slice(base, node.position!.end.offset), node.children, base)
    for (const match of source.matchAll(full)) {
      const [whole, lead, text, written] = match as unknown as [string, string, string, string]
      const label = written.trim() || text
      if (!/\p{L}/u.test(label) || /[{}<>$\0]/.test(label) || !/[\p{L}\p{N}\0]/u.test(text)) continue
      const start = base + match.index + lead.length
      found.push({ text, label, place: place(start, start + whole.length - lead.length) })
    }
    return SKIP
  })
  return found
}

/** The source with everything that is already something else replaced, so that only plain text can match. */
function masked(source: string, children: PhrasingContent[], base: number): string {
  let result = ''
  let at = 0
  for (const child of children) {
    if (['text', 'emphasis', 'strong', 'delete', 'break'].includes(child.type)) continue
    const start = child.position!.start.offset! - base
    const end = child.position!.end.offset! - base
    result += source.slice(at, start) + '\0'.repeat(end - start)
    at = end
  }
  return result + source.slice(at)
}

/** Build a function that turns two offsets of `text` into a position. */
export function locator(text: string): (start: number, end: number) => Position {
  let lines: number[] | undefined
  const pointOf = (offset: number) => {
    if (!lines) {
      lines = [0]
      for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) lines.push(at + 1)
    }
    let low = 0
    for (let high = lines.length; high - low > 1;) {
      const middle = (low + high) >> 1
      if (lines[middle]! <= offset) low = middle
      else high = middle
    }
    return { line: low + 1, column: offset - lines[low]! + 1, offset }
  }
  return (start, end) => ({ start: pointOf(start), end: pointOf(end) })
}
