import { isAlias, isMap, isSeq, LineCounter, parseDocument } from 'yaml'
import type { Point } from 'unist'
import type { Frontmatter, FrontmatterProblem } from './frontmatter.ts'
import { errorsOf, maxDepth, startsWith, tooDeep, type Source } from './yaml-errors.ts'

const maxAliases = 20
/** A comment after a name or licence is meant as one; in the middle of a sentence it is not. */
const sentences = new Set(['description', 'compatibility'])

/** Parse `yaml`, which starts at offset `start` of the file on line 2, into `into`. Never throws. */
export function readYaml(yaml: string, start: number, into: Frontmatter): void {
  const lines = new LineCounter()
  const source: Source = {
    yaml,
    at: (offset) => {
      const { line, col } = lines.linePos(offset)
      return { line: line + 1, column: col, offset: start + offset }
    },
    quoted: (from, to) => {
      const text = `"${yaml.slice(from, to).replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
      return { text, fix: { start: start + from, end: start + to, text } }
    },
  }
  const document = parseDocument(yaml, {
    lineCounter: lines, prettyErrors: false, uniqueKeys: false, logLevel: 'error', customTags: ['timestamp'],
  })
  into.problems.push(...errorsOf(document.errors, source))
  if (into.problems.length > 0) return
  if (!isMap(document.contents)) {
    into.problems.push({
      reason: 'the frontmatter is not a list of "key: value" lines; write at least name and description, with a space after each colon',
      place: source.at(0),
    })
    return
  }
  const found = { ...into, problems: [], keys: new Map(), values: new Map(), plain: new Map() } satisfies Frontmatter
  const stopped = walk(document.contents, source, found)
  into.problems.push(...(stopped ? [stopped] : found.problems))
  if (stopped) return
  try {
    into.data = document.toJS({ maxAliasCount: maxAliases }) as Record<string, unknown>
  } catch {
    into.problems.push({ reason: tooManyAliases, place: source.at(0) })
    return
  }
  Object.assign(into, { keys: found.keys, values: found.values, plain: found.plain })
}

interface Step {
  node: any
  depth: number
  /** Path from the root, for the root and two levels below it. */
  path: string[] | undefined
}

/** Look at every node in order. Returns the problem that forbids to build the value, if any. */
function walk(root: unknown, source: Source, into: Frontmatter): FrontmatterProblem | undefined {
  const { yaml, at } = source
  const anchors = new Map<string, number>()
  let aliases = 0
  const stack: Step[] = [{ node: root, depth: 0, path: [] }]
  for (let step = stack.pop(); step; step = stack.pop()) {
    const { node, depth, path } = step
    if (!node) continue
    const [from, to] = node.range as [number, number]
    if (depth > maxDepth) return { reason: tooDeep, place: at(from) }
    if (node.tag) return tagged(from, source)
    if (node.anchor) anchors.set(node.anchor, to)
    if (path && path.length > 0) into.values.set(path.join('.'), at(from))
    if (isAlias(node)) {
      const end = anchors.get(node.source)
      if (end === undefined) return unresolved(path?.at(-1) ?? 'a value', from, source)
      if (from < end) {
        return {
          reason: `the alias "*${node.source}" refers to itself; write the value out`,
          place: at(from),
        }
      }
      if (++aliases > maxAliases) return { reason: tooManyAliases, place: at(from) }
    } else if (isMap(node)) {
      stack.push(...stepsInto(node.items, step, source, into).reverse())
    } else if (isSeq(node)) {
      stack.push(...node.items.map((item) => ({ node: item, depth: depth + 1, path: undefined })).reverse())
    } else if (path) {
      readScalar(node, path.join('.'), yaml, source, into)
    }
  }
  return undefined
}

const tooManyAliases = `more than ${maxAliases} YAML aliases; write the values out`

function stepsInto(items: any[], { depth, path }: Step, { at }: Source, into: Frontmatter): Step[] {
  const seen = new Map<string, Point>()
  return items.flatMap(({ key: keyNode, value }) => {
    const key = String(keyNode?.value ?? keyNode)
    const place = at(keyNode?.range?.[0] ?? 0)
    const earlier = seen.get(key)
    if (earlier) {
      into.problems.push({
        reason: `"${key}" is given twice, on line ${earlier.line} and on line ${place.line}; keep one`,
        place,
      })
    }
    else seen.set(key, place)
    if (depth === 0 && !earlier) into.keys.set(key, place)
    const below = path && path.length < 2 && !earlier ? [...path, key] : undefined
    return [{ node: keyNode, depth: depth + 1, path: undefined }, { node: value, depth: depth + 1, path: below }]
  })
}

function readScalar(node: any, key: string, yaml: string, source: Source, into: Frontmatter): void {
  const [from, to] = node.range as [number, number]
  if (node.type !== 'PLAIN') return
  const { start, end } = source.quoted(from, to).fix
  into.plain.set(key, { text: yaml.slice(from, to), start, end })
  if (!sentences.has(key)) return
  if (node.anchor) {
    const at = yaml.lastIndexOf('&', from)
    into.problems.push({ reason: startsWith('&', key), place: source.at(at), ...replaced(source, at, to) })
  }
  const hash = node.comment ? yaml.slice(to, yaml.indexOf('\n', to) + 1 || undefined).indexOf('#') : -1
  if (hash === -1) return
  const left = from === to ? 'empty' : `cut to ${JSON.stringify(shorten(String(node.value)))}`
  into.problems.push({
    reason: `" #" starts a YAML comment, so "${key}" is ${left}; put the value in quotes`,
    place: source.at(to + hash),
    severity: 'warning',
    ...replaced(source, from === to ? to + hash : from, endOfLine(yaml, to + hash)),
  })
}

function tagged(from: number, { yaml, at }: Source): FrontmatterProblem {
  const before = yaml.slice(Math.max(0, from - 300), from)
  const tag = /(?:^|\s)(!\S*)\s*(?:&\S+\s*)?$/.exec(before)
  const start = tag ? from - before.length + tag.index + tag[0].indexOf('!') : from
  return {
    reason: `the YAML tag ${JSON.stringify(shorten(tag?.[1] ?? '!'))} asks a parser to build something else than text; remove it`,
    place: at(start),
  }
}

function unresolved(key: string, from: number, source: Source): FrontmatterProblem {
  return {
    reason: startsWith('*', key),
    place: source.at(from), ...replaced(source, from, endOfLine(source.yaml, from)),
  }
}

function replaced({ quoted }: Source, from: number, to: number): Pick<FrontmatterProblem, 'expected' | 'fix'> {
  const { text, fix } = quoted(from, to)
  return { expected: [text], fix }
}

function endOfLine(yaml: string, from: number): number {
  const next = yaml.indexOf('\n', from)
  return from + yaml.slice(from, next === -1 ? undefined : next).trimEnd().length
}

function shorten(value: string): string {
  return value.length > 50 ? `${value.slice(0, 47)}...` : value
}
