import type { Case } from './cases.ts'
import { manualName } from '../fences/locks.ts'
import type { Measured } from './measure.ts'

export interface Result extends Measured {
  id: Case['id']
  change: string
  way: string
}

/** Results as a Markdown table, in the order given. */
export function resultTable(results: Result[]): string {
  const body = results.map(({ change, way, locks, readers, writers, total, retries }) => [
    change, way,
    Object.entries(locks).map(([table, mode]) => `${table} ${manualName(mode)}`).join(', ') || '–',
    duration(readers), duration(writers), `${duration(total)}${retries ? `, ${retries} retries` : ''}`,
  ])
  const head = ['change', 'way', 'strongest locks', 'longest read', 'longest write', 'total']
  const widths = head.map((title, column) => Math.max(title.length, ...body.map((row) => row[column]!.length)))
  const line = (cells: string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join('\n')
}

/** Milliseconds in two digits: `35 ms`, `2.4 s`, `95 s`. */
export function duration(ms: number): string {
  if (ms < 999.5) return `${Math.max(1, Math.round(ms))} ms`
  return `${ms < 9_950 ? (ms / 1_000).toFixed(1) : Math.round(ms / 1_000)} s`
}
