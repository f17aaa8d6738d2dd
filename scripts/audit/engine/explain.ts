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

/** Text of the level-2 section whose heading has the anchor `anchor`. */
export function sectionOf(markdown: string, anchor: string): string | undefined {
  const sections = markdown.split(/^(?=## )/m).slice(1)
  return sections.find((section) => slug(section.slice(3, section.indexOf('\n'))) === anchor)?.trimEnd()
}

function slug(heading: string): string {
  return heading.trim().toLowerCase().replace(/[^\p{L}\p{N}\s-]/gu, '').replace(/\s/g, '-')
}
