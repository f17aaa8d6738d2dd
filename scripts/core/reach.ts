import { posix } from 'node:path'
import { visit } from 'unist-util-visit'
import type { Bundle, Document } from './bundle.ts'
import { localReferences, type LocalReference } from './link-target.ts'

export interface Step {
  from: Document
  to: string
  /** Missing when the document is only named, in code or by a pattern such as `{language}/setup.md`. */
  reference?: LocalReference
}

interface Index {
  byName: Map<string, string[]>
  byFolder: Map<string, string[]>
  byPattern: Map<string, string[]>
}

const indexes = new WeakMap<Bundle, Index>()
const results = new WeakMap<Bundle, Reach>()
const maxPatterns = 200

function indexOf(bundle: Bundle): Index {
  let index = indexes.get(bundle)
  if (index) return index
  const paths = [...bundle.documents.keys()]
  index = {
    byName: Map.groupBy(paths, (path) => posix.basename(path)),
    byFolder: Map.groupBy(paths, posix.dirname),
    byPattern: new Map(),
  }
  indexes.set(bundle, index)
  return index
}

/** Each step by which `document` leads to another document of the skill. */
function stepsFrom(bundle: Bundle, document: Document): Step[] {
  const byLink = localReferences(bundle, document).flatMap((reference) =>
    targetsOf(bundle, reference.target.path).map((to) => ({ from: document, reference, to })),
  )
  const byName = namedBy(bundle, document).map((to) => ({ from: document, to }))
  return [...byLink, ...byName].filter(({ to }) => to !== document.path)
}

/** A link to a folder leads to all documents in it. */
function targetsOf(bundle: Bundle, path: string): string[] {
  if (bundle.documents.has(path)) return [path]
  return bundle.entries.get(path)?.kind === 'folder' ? (indexOf(bundle).byFolder.get(path) ?? []) : []
}

/**
 * Documents that the text names without linking them. Below references/ only a pattern counts, since there
 * every document is due a link; elsewhere the bare name is enough.
 */
function namedBy(bundle: Bundle, document: Document): string[] {
  const { byName, byPattern } = indexOf(bundle)
  const names = new Set<string>()
  for (const [name] of withoutComments(document.text).matchAll(/(?<![\p{L}\p{N}_.-])[\p{L}\p{N}_.-]+\.md(?![\p{L}\p{N}_])/gu))
    names.add(name)
  const found = [...names].flatMap((name) => byName.get(name) ?? []).filter((path) => !path.startsWith('references/'))
  for (const pattern of patternsIn(document)) {
    if (!byPattern.has(pattern) && byPattern.size < maxPatterns) {
      const expression = new RegExp(pattern, 'u')
      byPattern.set(
        pattern,
        [...bundle.documents.keys()].filter((path) => expression.test(path)),
      )
    }
    found.push(...(byPattern.get(pattern) ?? []))
  }
  return found
}

const wildcard = /(?:\{[^{}/]*\}|<[^<>/]*>|\*)+/g

/** Code spans such as `references/{topic}.md`, `themes/*.md` and `themes/`, as regular expressions. */
function patternsIn(document: Document): Set<string> {
  const found = new Set<string>()
  visit(document.tree, 'inlineCode', ({ value }) => {
    if (value.length > 200 || !/^(?:\.\/)?[\p{L}\p{N}_.{}<>*-]+\/[\p{L}\p{N}_./{}<>*-]*$/u.test(value)) return
    const isFolder = value.endsWith('/') && value !== 'references/'
    const wildcards = value.match(wildcard)?.length ?? 0
    if (wildcards > 3 || !(isFolder || (wildcards > 0 && value.endsWith('.md')))) return
    const literal = value
      .replace(/^\.\//, '')
      .split(wildcard)
      .map((part) => part.replace(/[.{}*]/g, '\\$&'))
    if (literal.some((part) => /\p{L}{3}/u.test(part)))
      found.add(`^${literal.join('[^/]*')}${isFolder ? '[^/]*' : ''}$`)
  })
  return found
}

/** `text` without its HTML comments. */
export function withoutComments(text: string): string {
  let result = ''
  let at = 0
  for (let open = text.indexOf('<!--'); open !== -1; open = text.indexOf('<!--', at)) {
    result += text.slice(at, open)
    const close = text.indexOf('-->', open + 4)
    if (close === -1) return result
    at = close + 3
  }
  return result + text.slice(at)
}

export interface Reach {
  /** Each document with the step that found it first; SKILL.md has none. */
  first: Map<string, Step | undefined>
  /** False when one of them could not be read, so that more may be reachable. */
  complete: boolean
}

/** Documents that SKILL.md leads to, through others if need be. */
export function reachable(bundle: Bundle): Reach {
  let reach = results.get(bundle)
  if (reach) return reach
  const first: Reach['first'] = new Map([[bundle.skill.path, undefined]])
  let complete = true
  for (const path of first.keys()) {
    const document = bundle.documents.get(path)!
    if (document.problem) complete = false
    for (const step of stepsFrom(bundle, document)) if (!first.has(step.to)) first.set(step.to, step)
  }
  results.set(bundle, (reach = { first, complete }))
  return reach
}
