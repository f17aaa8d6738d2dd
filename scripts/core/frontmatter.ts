import matter from 'gray-matter'
import type { Point } from 'unist'
import type { Severity } from './finding.ts'
import { readYaml } from './yaml.ts'

export interface FrontmatterProblem {
  reason: string
  place: Point
  severity?: Severity
  expected?: string[]
  fix?: { start: number; end: number; text: string }
}

export interface Frontmatter {
  /** Parsed mapping, empty when it could not be parsed. */
  data: Record<string, unknown>
  problems: FrontmatterProblem[]
  /** Place of each top-level key; empty when the frontmatter could not be parsed. */
  keys: Map<string, Point>
  /** Place of each value, by its path: `description`, `metadata.version`. */
  values: Map<string, Point>
  /** Source of each unquoted value, by its path, with its offsets in the file. */
  plain: Map<string, { text: string; start: number; end: number }>
  /** Offset in the file at which the Markdown starts. */
  bodyStart: number
}

const opening = /^---[ \t]*\r?\n/
const closing = /(?:^|\r?\n)---[ \t]*(?:\r?\n|$)/
/** Sixteen times the longest description; YAML parsers need time quadratic in some texts. */
const maxLength = 16_384
const top: Point = { line: 1, column: 1, offset: 0 }

const refuse = (engine: string) => ({
  parse: () => {
    throw new Error(`frontmatter engine "${engine}" is refused`)
  },
})

/**
 * Split and parse the frontmatter of a SKILL.md.
 *
 * gray-matter gets nothing to evaluate, cut or cache: only a bare `---` fence reaches it, every executable
 * engine throws, and its "yaml" engine reads the text that was split here, since gray-matter takes any line
 * that starts with `---` for the end. Options are always passed: calls without them are cached, and a file
 * that failed once is then returned empty.
 */
export function parseFrontmatter(text: string): Frontmatter {
  const parsed: Frontmatter = { data: {}, problems: [], keys: new Map(), values: new Map(), plain: new Map(), bodyStart: 0 }
  const start = opening.exec(text)?.[0].length
  if (start === undefined) {
    parsed.problems.push({ reason: whyNoOpening(text), place: top })
    return parsed
  }
  const rest = text.slice(start)
  const end = closing.exec(rest)
  if (!end) {
    parsed.problems.push({
      reason: 'the frontmatter is never closed; add a line "---" after the last field',
      place: top,
    })
    return parsed
  }
  const yaml = rest.slice(0, end.index)
  parsed.bodyStart = start + end.index + end[0].length
  if (yaml.length > maxLength) {
    parsed.problems.push({
      reason: `the frontmatter has ${yaml.length} characters, the limit is ${maxLength}; move text below the closing "---"`,
      place: top,
    })
    return parsed
  }
  let read = false
  const parse = () => {
    read = true
    readYaml(yaml, start, parsed)
    return parsed.data
  }
  const engines = { yaml: { parse }, js: refuse('js'), javascript: refuse('javascript'), coffee: refuse('coffee') }
  matter(`---\n${yaml}\n---\n`, { language: 'yaml', engines })
  if (!read) parse()
  return parsed
}

function whyNoOpening(text: string): string {
  const first = text.slice(0, 200).split('\n')[0]!.trimEnd()
  if (/^---[ \t]*\r/.test(text)) {
    return 'the lines end with a lone carriage return; save the file with LF or CRLF line ends'
  }
  if (/^---[ \t]*[\w-]/.test(first)) {
    return `the frontmatter fence is ${JSON.stringify(first.slice(0, 40))}; write a bare "---", other engines are refused and never run`
  }
  if (/^\s+---[ \t]*\r?\n/.test(text.slice(0, 1_000))) {
    return 'the frontmatter does not start on line 1, column 1; delete what stands before "---"'
  }
  return 'the file does not start with "---"; begin it with YAML frontmatter that has name and description'
}
