import { isDeepStrictEqual } from 'node:util'
import { isMap, isScalar, parseDocument, type Pair } from 'yaml'
import { UsageError } from '../../scripts/core/config.ts'
import { parseFrontmatter } from '../../scripts/core/frontmatter.ts'

/** Longest description that the format allows, in characters. */
export const maxDescription = 1024

/** What is wrong with a proposed description, or `undefined`. */
export function problemOf(description: string): string | undefined {
  if (description.trim() === '') return 'it is empty'
  if (description.length > maxDescription) return `it has ${description.length} characters, ${maxDescription} are allowed`
  if (/[<>]/.test(description)) return 'it holds an angle bracket'
  return /[\r\n\t]/.test(description) ? 'it holds a line break or tab' : undefined
}

/** The text of SKILL.md with another description and nothing else changed. Throws `UsageError`. */
export function withDescription(path: string, text: string, description: string): string {
  const { data, bodyStart } = parseFrontmatter(text)
  const open = /^---[ \t]*\r?\n/.exec(text)?.[0].length ?? 0
  const { contents } = parseDocument(text.slice(open, bodyStart).replace(/(^|\r?\n)---[ \t]*\r?\n?$/, '$1'))
  const pair = isMap(contents) ? (contents.items as Pair[]).find(({ key }) => isScalar(key) && key.value === 'description') : undefined
  const [start, end] = isScalar(pair?.value) && pair.value.range ? pair.value.range : []
  if (start !== undefined && end !== undefined) {
    const lineEnd = /\r?\n$/.exec(text.slice(open, open + end))?.[0] ?? ''
    const changed = text.slice(0, open + start) + JSON.stringify(description) + lineEnd + text.slice(open + end)
    const after = parseFrontmatter(changed)
    const same = isDeepStrictEqual(after.data, { ...data, description }) && changed.slice(after.bodyStart) === text.slice(bodyStart)
    if (same && after.problems.length === 0) return changed
  }
  throw new UsageError(`${path}: its description cannot be replaced safely; write it by hand`)
}
