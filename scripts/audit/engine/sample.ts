import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { AuditResult } from './run.ts'

export interface Sampled {
  project: string
  path: string
  line: number
  rule: string
  severity: 'error' | 'warning' | 'info'
  reason: string
  /** Lines around the finding. */
  code: string
}

/** Up to `perRule` findings of each rule and severity over all projects, the same ones for the same seed. */
export function drawSample(results: { project: string; files: AuditResult['files'] }[], perRule: number, seed: number): Sampled[] {
  const groups = new Map<string, Sampled[]>()
  for (const { project, files } of results) {
    for (const { path, messages } of files) {
      for (const { ruleId, severity, reason, line } of messages) {
        const key = `${severity} ${ruleId}`
        groups.set(key, [...(groups.get(key) ?? []), { project, path, line: line ?? 1, rule: ruleId!, severity, reason, code: '' }])
      }
    }
  }
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, list]) => shuffled(list, seed).slice(0, perRule)).map((one) => ({ ...one, code: codeAround(one) }))
}

/** One finding as a block to judge: `[ ]` becomes `[+]` when it is right and `[-]` when it is not. */
export function sheetOf(sample: Sampled[]): string {
  return sample.map(({ project, path, line, rule, severity, reason, code }) => `[ ] ${severity} ${rule} ${project} ${path}:${line}\n    ${reason}\n${code}\n`).join('\n')
}

/** Right and judged findings by severity and by rule of a sheet; `missing` are those nobody judged. */
export function scoreOf(sheet: string): { counts: Record<string, { right: number; judged: number }>; missing: number } {
  const counts: Record<string, { right: number; judged: number }> = {}
  let missing = 0
  for (const [, mark, severity, rule] of sheet.matchAll(/^\[([ +-])\] (error|warning|info) ([\w-]+) /gm)) {
    if (mark === ' ') { missing++; continue }
    for (const key of [severity!, `${severity} ${rule}`]) {
      const count = (counts[key] ??= { right: 0, judged: 0 })
      count.judged++
      if (mark === '+') count.right++
    }
  }
  return { counts, missing }
}

function shuffled<T>(list: T[], seed: number): T[] {
  let state = seed >>> 0
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    return state / 2 ** 32
  }
  return list.map((item) => [random(), item] as const).sort(([a], [b]) => a - b).map(([, item]) => item)
}

function codeAround({ path, line }: Sampled): string {
  const lines = readFileSync(join(process.cwd(), path), 'utf8').split('\n')
  const from = Math.max(0, line - 4)
  return lines.slice(from, line + 4).map((text, index) => `  ${from + index + 1 === line ? '>' : ' '} ${text.slice(0, 160)}`).join('\n')
}
