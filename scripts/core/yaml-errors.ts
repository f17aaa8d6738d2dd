import type { Point } from 'unist'
import type { YAMLError } from 'yaml'
import type { FrontmatterProblem } from './frontmatter.ts'

/** Deepest nesting that is read. */
export const maxDepth = 100
const textFields = new Set(['name', 'description', 'license', 'compatibility', 'when_to_use', 'argument-hint'])

/** The YAML of a file, and how its offsets lie in the file. */
export interface Source {
  yaml: string
  /** Place in the file of an offset in the YAML. */
  at: (offset: number) => Point
  /** Replacement of `from` to `to` by the same text in quotes. */
  quoted: (from: number, to: number) => { text: string; fix: NonNullable<FrontmatterProblem['fix']> }
}

/** Mechanical mistakes all at once, or else the first error: those after it are mostly its echo. */
export function errorsOf(errors: YAMLError[], source: Source): FrontmatterProblem[] {
  const all = errors.slice(0, 100).map((error) => explain(error, source))
  const mechanical = all.filter(({ fix }, index) => fix && all.findIndex((other) => other.fix?.start === fix.start) === index)
  return mechanical.length > 0 ? mechanical : all.slice(0, 1)
}

function explain({ code, message, pos: [offset] }: YAMLError, source: Source): FrontmatterProblem {
  const { yaml, at } = source
  const lineStart = yaml.lastIndexOf('\n', offset - 1) + 1
  const place = at(offset)
  if (code === 'RESOURCE_EXHAUSTION') return { reason: tooDeep, place: at(lineStart) }
  if (code === 'MULTIPLE_DOCS') {
    return {
      reason: 'a line that starts with "---" cuts the YAML here; indent it or put it in quotes',
      place,
    }
  }
  if (code === 'TAB_AS_INDENT') return { reason: 'a tab indents this line; YAML takes spaces only', place }
  if (code === 'BAD_DQ_ESCAPE') {
    return {
      reason: `"${yaml.slice(offset, offset + 2)}" is no escape in double quotes; write the backslash twice or use single quotes`,
      place,
    }
  }
  if (/^Missing closing ["']/.test(message)) {
    const from = [...yaml.slice(0, offset).matchAll(/^[^\S\n]*[\w-]+:[^\S\n]+(?=["'])/gm)].at(-1)
    return {
      reason: 'the quote that opens this value never closes; close it',
      place: at(from ? from.index + from[0].length : offset),
    }
  }
  const pair = pairAt(yaml, lineStart)
  const mend = pair && mendOf(pair, code)
  if (mend) return quoteIt(mend, pair, source)
  if (pair && /^["']/.test(pair.value) && /^(?:UNEXPECTED_TOKEN|BLOCK_AS_IMPLICIT_KEY)$/.test(code)) {
    return {
      reason: `text follows the closing quote of "${pair.key}"; put the whole value in one pair of quotes`,
      place,
    }
  }
  if (message.startsWith('Implicit map keys need')) {
    return { reason: 'this line is neither "key: value" nor indented as part of the value above; correct it', place }
  }
  return {
    reason: `YAML cannot read this line (${message.split('\n')[0]!.replace(/[.:]$/, '')}); quote the value or correct the indentation`,
    place,
  }
}

/** What quotes around the value would mend. */
function mendOf({ key, value }: Line, code: YAMLError['code']): string | undefined {
  if (/^[*&!%@`]/.test(value) || (/^[[{]/.test(value) && textFields.has(key))) return startsWith(value[0]!, key)
  if (/^["'|>?]/.test(value)) return undefined
  if (code === 'BLOCK_AS_IMPLICIT_KEY' && /:(?:\s|$)/.test(value)) {
    return `"${key}" holds a colon followed by a space, which YAML reads as a nested mapping; put the value in quotes`
  }
  if (/^(?:BAD_INDENT|MISSING_CHAR)$/.test(code) && /\s#.*\n/.test(value)) {
    return `" #" starts a YAML comment in the middle of "${key}"; put the value in quotes`
  }
  return undefined
}

/** What to say of the YAML that no parser should follow down. */
export const tooDeep = `the YAML is nested more than ${maxDepth} levels deep; flatten it`

/** What to say of a value whose first character is syntax. */
export function startsWith(char: string, key: string): string {
  return `"${key}" starts with "${char}", which is YAML syntax; put the value in quotes`
}

interface Line {
  key: string
  value: string
  from: number
  to: number
}

/** The `key: value` whose value holds the line at `lineStart`; a value goes on over the lines that are indented deeper. */
function pairAt(yaml: string, lineStart: number): Line | undefined {
  const pair = /([^\S\n]*)([\w-]+):[^\S\n]+(?=\S)/y
  for (let up = lineStart; ; up = yaml.lastIndexOf('\n', up - 2) + 1) {
    pair.lastIndex = up
    const found = pair.exec(yaml)
    if (found) {
      const from = up + found[0].length
      const deeper = new RegExp(`[^\\n]*(?:\\n(?:${found[1]}[ \\t]+\\S[^\\n]*|[ \\t]*\\r?(?=\\n)))*`, 'y')
      deeper.lastIndex = from
      const value = deeper.exec(yaml)![0].trimEnd()
      return from + value.length > lineStart ? { key: found[2]!, value, from, to: from + value.length } : undefined
    }
    if (up === 0 || !/[ \t]/.test(yaml[up] ?? '')) return undefined
  }
}

function quoteIt(reason: string, { key, from, to }: Line, { at, quoted }: Source): FrontmatterProblem {
  const { text, fix } = quoted(from, to)
  return { reason, place: at(from), expected: [`${key}: ${text}`], fix }
}
