import { lstatSync, readFileSync, writeFileSync } from 'node:fs'
import type { RunResult } from './run.ts'

/**
 * Apply the mechanical corrections of `result` to the files; overlapping ones wait for the next run, and
 * links are left alone, since their target may be corrected already or lie elsewhere.
 * Offsets count UTF-16 units of the text without byte order mark. Returns how many were applied.
 */
export function applyFixes({ files }: RunResult): number {
  let applied = 0
  for (const { path, messages } of files) {
    const fixes = messages.flatMap(({ fix }) => fix ?? []).sort((a, b) => b.start - a.start)
    if (fixes.length === 0 || lstatSync(path).isSymbolicLink()) continue
    const raw = readFileSync(path, 'utf8')
    const bom = raw.startsWith('\uFEFF') ? 1 : 0
    let text = raw.slice(bom)
    let limit = Infinity
    for (const { start, end, text: right } of fixes) {
      if (end > limit) continue
      text = text.slice(0, start) + right + text.slice(end)
      limit = start
      applied++
    }
    writeFileSync(path, raw.slice(0, bom) + text)
  }
  return applied
}
