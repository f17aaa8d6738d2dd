import matter from 'gray-matter'
import { LineCounter, parseDocument, visit, type Document, type YAMLError } from 'yaml'
import type { Point } from 'unist'

export interface FrontmatterProblem {
  reason: string
  place: Point
  expected?: string[]
  fix?: { start: number; end: number; text: string }
}

export interface Frontmatter {
  /** Parsed mapping, empty when it could not be parsed. */
  data: Record<string, unknown>
  problems: FrontmatterProblem[]
  /** Place of each top-level key. */
  keys: Map<string, Point>
  /** Place of each top-level value. */
  values: Map<string, Point>
  /** YAML text between the fences and the offset at which it starts in the file. */
  yaml: string
  start: number
  /** Markdown after the closing fence, and the offset at which it starts. */
  body: string
  bodyStart: number
}

const opening = /^---[ \t]*\r?\n/
const closing = /\r?\n---[ \t]*(?:\r?\n|$)/
const maxAliases = 20
const refuse = (engine: string) => () => {
  throw new Error(`frontmatter engine "${engine}" is refused`)
}

/**
 * Split and parse the frontmatter of a SKILL.md.
 *
 * gray-matter splits; it never gets to evaluate anything: only a bare `---` fence reaches it, every
 * executable engine throws, and its "yaml" engine hands the text to the `yaml` package, which reports
 * positions, duplicate keys and alias bombs. Options are always passed, since gray-matter caches
 * calls without options and then returns an empty result for a file that failed before.
 */
export function parseFrontmatter(text: string): Frontmatter {
  const none: Frontmatter = {
    data: {}, problems: [], keys: new Map(), values: new Map(), yaml: '', start: 0, body: text, bodyStart: 0,
  }
  const first = text.slice(0, text.indexOf('\n') === -1 ? text.length : text.indexOf('\n')).trimEnd()
  const top = { line: 1, column: 1, offset: 0 }
  if (!opening.test(text)) {
    const reason = first.startsWith('---') && first.length > 3
      ? `the frontmatter fence is "${first.slice(0, 40)}"; write a bare "---", other engines are refused and never run`
      : 'the file does not start with "---"; begin it with YAML frontmatter that has name and description'
    return { ...none, problems: [{ reason, place: top }] }
  }
  const start = opening.exec(text)![0].length
  const rest = text.slice(start)
  const end = rest.startsWith('---') && /^---[ \t]*(?:\r?\n|$)/.test(rest) ? { index: 0, length: rest.match(/^---[ \t]*(?:\r?\n|$)/)![0].length } : matchEnd(rest)
  if (!end) {
    return { ...none, problems: [{ reason: 'the frontmatter is never closed; add a line "---" after the last field', place: top }] }
  }
  const yaml = rest.slice(0, end.index)
  const bodyStart = start + end.index + end.length
  const parsed: Frontmatter = { ...none, yaml, start, body: text.slice(bodyStart), bodyStart }
  matter(`---\n${yaml}\n---\n`, {
    language: 'yaml',
    engines: {
      yaml: { parse: () => readYaml(yaml, start, text, parsed) },
      js: { parse: refuse('js') }, javascript: { parse: refuse('javascript') }, coffee: { parse: refuse('coffee') },
    },
  })
  return parsed
}

function matchEnd(rest: string): { index: number; length: number } | undefined {
  const match = closing.exec(rest)
  return match ? { index: match.index, length: match[0].length } : undefined
}

function readYaml(yaml: string, start: number, text: string, into: Frontmatter): Record<string, unknown> {
  const lines = new LineCounter()
  const at = (offset: number): Point => {
    const { line, col } = lines.linePos(offset)
    return { line: line + 1, column: col, offset: start + offset }
  }
  const document = parseDocument(yaml, { lineCounter: lines, prettyErrors: false, uniqueKeys: false, logLevel: 'silent' })
  for (const error of document.errors) into.problems.push({ ...explain(error, yaml, start), place: at(error.pos[0]) })
  for (const warning of document.warnings) {
    into.problems.push({ reason: `YAML: ${warning.message}; frontmatter takes plain text, remove the tag`, place: at(warning.pos[0]) })
  }
  if (document.errors.length > 0) return into.data
  const aliases = aliasProblem(document)
  if (aliases) {
    into.problems.push({ reason: aliases.reason, place: at(aliases.offset) })
    return into.data
  }
  readPairs(document, at, into, yaml, text, start)
  return into.data
}

function readPairs(document: Document, at: (offset: number) => Point, into: Frontmatter, yaml: string, text: string, start: number): void {
  const contents = document.contents as any
  if (!contents || !Array.isArray(contents.items) || contents.constructor.name !== 'YAMLMap') {
    into.problems.push({ reason: 'the frontmatter is not a list of "key: value" lines; write at least name and description', place: at(0) })
    return
  }
  for (const pair of contents.items) {
    const key = String(pair.key?.value ?? pair.key)
    const place = at(pair.key?.range?.[0] ?? 0)
    const earlier = into.keys.get(key)
    if (earlier) {
      into.problems.push({ reason: `"${key}" is given twice, on line ${earlier.line} and on line ${place.line}; keep one`, place })
      continue
    }
    into.keys.set(key, place)
    if (pair.value?.range) into.values.set(key, at(pair.value.range[0]))
    cutByComment(key, pair.value, yaml, start, at, into)
  }
  into.data = document.toJS({ maxAliasCount: maxAliases }) as Record<string, unknown>
}

function cutByComment(key: string, value: any, yaml: string, start: number, at: (offset: number) => Point, into: Frontmatter): void {
  if (value?.type !== 'PLAIN' || !value.comment || !['name', 'description', 'license', 'compatibility'].includes(key)) return
  const hash = yaml.indexOf('#', value.range[1])
  if (hash === -1) return
  const lineEnd = yaml.indexOf('\n', hash)
  const whole = yaml.slice(value.range[0], lineEnd === -1 ? yaml.length : lineEnd).trimEnd()
  into.problems.push({
    reason: `" #" starts a YAML comment, so "${key}" is cut to ${JSON.stringify(shorten(String(value.value)))}; put the value in quotes`,
    place: at(hash),
    expected: [quote(whole)],
    fix: { start: start + value.range[0], end: start + value.range[0] + whole.length, text: quote(whole) },
  })
}

function explain(error: YAMLError, yaml: string, start: number): Omit<FrontmatterProblem, 'place'> {
  const lineStart = yaml.lastIndexOf('\n', error.pos[0] - 1) + 1
  const lineEnd = yaml.indexOf('\n', error.pos[0])
  const line = yaml.slice(lineStart, lineEnd === -1 ? yaml.length : lineEnd).trimEnd()
  const colon = /^([\w-]+): +(?!["'|>])(.*:(?:\s.*|))$/.exec(line)
  if (colon && (error.code === 'BLOCK_AS_IMPLICIT_KEY' || /[Nn]ested mappings|implicit key/.test(error.message))) {
    const [, key, value] = colon as unknown as [string, string, string]
    const from = start + lineStart + line.indexOf(value, key.length + 1)
    return {
      reason: `"${key}" holds a colon followed by a space, which YAML reads as a nested mapping; put the value in quotes`,
      expected: [`${key}: ${quote(value)}`],
      fix: { start: from, end: from + value.length, text: quote(value) },
    }
  }
  return { reason: `YAML: ${error.message.split('\n')[0]}; correct this line` }
}

function aliasProblem(document: Document): { reason: string; offset: number } | undefined {
  let count = 0
  let found: { reason: string; offset: number } | undefined
  const anchors: { name: string; range: [number, number] }[] = []
  visit(document, {
    Node(_, node: any) {
      if (node.anchor && node.range) anchors.push({ name: node.anchor, range: [node.range[0], node.range[1]] })
    },
    Alias(_, alias: any) {
      count++
      const around = anchors.find(({ name, range }) => name === alias.source && alias.range[0] >= range[0] && alias.range[0] < range[1])
      if (around) found = { reason: `the alias *${alias.source}" refers to itself; write the value out`.replace('"', ''), offset: alias.range[0] }
      else if (count > maxAliases) found ??= { reason: `more than ${maxAliases} YAML aliases; write the values out`, offset: alias.range[0] }
      return found ? visit.BREAK : undefined
    },
  })
  return found
}

function quote(value: string): string {
  return `"${value.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`
}

function shorten(value: string): string {
  return value.length > 50 ? `${value.slice(0, 47)}...` : value
}
