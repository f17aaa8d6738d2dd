import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { Rule } from './rule.ts'

/** What `--explain` prints: the rule, and the section of its reference when the skill lies beside this file. */
export function explain({ id, summary, severity, why, fix, operation, reference }: Rule): string {
  const head = [
    `${id} (${severity}): ${summary}`, '', `Why: ${why}`, `Fix: ${fix}`, `The fix is a ${operation}.`,
    `To accept one: // audit-disable-next-line ${id}: <reason>`, '', `references/${reference}`,
  ].join('\n')
  const [file, anchor] = reference.split('#') as [string, string]
  const path = referencePath(file)
  const section = path && sectionOf(readFileSync(path, 'utf8'), anchor)
  return section ? `${head}\n\n${section}` : head
}

/** Path of a reference of the skill that this file belongs to. */
export function referencePath(file: string): string | undefined {
  let folder = dirname(fileURLToPath(import.meta.url))
  for (let up = 0; up < 4; up++, folder = dirname(folder)) {
    const path = join(folder, 'references', file)
    if (existsSync(path)) return path
  }
  return undefined
}

/** Text of the section of level 2 or 3 whose heading has the anchor `anchor`, with what is below it. */
export function sectionOf(markdown: string, anchor: string): string | undefined {
  const parts = markdown.split(/^(?=###? )/m).slice(1)
  const levelOf = (part: string) => part.indexOf(' ')
  const at = parts.findIndex((part) => slug(part.slice(levelOf(part), part.indexOf('\n'))) === anchor)
  if (at === -1) return undefined
  const rest = parts.slice(at + 1)
  const end = rest.findIndex((part) => levelOf(part) <= levelOf(parts[at]!))
  return [parts[at]!, ...rest.slice(0, end === -1 ? undefined : end)].join('').trimEnd()
}

function slug(heading: string): string {
  return heading.trim().toLowerCase().replace(/[^\p{L}\p{N}\s-]/gu, '').replace(/\s/g, '-')
}
