import type { Rate } from '../statistics.ts'
import type { Check } from '../thresholds.ts'

/** `67.6 % (100/148, 95 % 59.7–74.6)`. */
export function percent({ hits, total, rate, low, high }: Rate): string {
  return rate === null ? 'none' : `${share(rate)} % (${hits}/${total}, 95 % ${share(low)}–${share(high)})`
}

/** `67.6 %`, or a dash when nothing was counted. */
export function short({ rate }: Rate): string {
  return rate === null ? '–' : `${share(rate)} %`
}

/** `at least 65.0 %`. */
export function limitOf({ kind, limit }: Pick<Check, 'kind' | 'limit'>): string {
  return `${kind} ${share(limit)} %`
}

/** Rows as columns; all but the first column are aligned to the right unless `left` names them. */
export function table(rows: string[][], left: number[] = [0]): string[] {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)))
  const pad = (cell: string, column: number) =>
    left.includes(column) ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)
  return rows.map((row) => `  ${row.map(pad).join('  ')}`.trimEnd())
}

function share(value: number): string {
  return (value * 100).toFixed(1)
}
