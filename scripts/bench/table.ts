/** One tool on one set: what was measured, or why nothing was. */
export interface Row {
  tool: string
  seconds?: number[]
  peakMb?: number
  cpuSeconds?: number
  notices?: string[]
  reason?: string
}

export interface SetResult {
  title: string
  skills: number
  rows: Row[]
}

const unmeasured = 'not measured: '

/** The middle value, or the mean of the two in the middle. */
export function median(values: number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const half = sorted.length >> 1
  return sorted.length % 2 === 1 ? sorted[half]! : (sorted[half - 1]! + sorted[half]!) / 2
}

/** One set as a Markdown table; ratios are to the first row. */
export function setTable({ title, rows }: SetResult): string {
  const own = rows[0]?.seconds && median(rows[0].seconds)
  const body = rows.map(({ tool, seconds, peakMb, cpuSeconds, notices, reason }) => {
    if (!seconds || reason) return [tool, `${unmeasured}${reason ?? 'no run'}`, '', '', '', '', '', '']
    return [
      tool, inSeconds(median(seconds)), `${inSeconds(Math.min(...seconds))}–${inSeconds(Math.max(...seconds))}`,
      String(seconds.length), own ? inTimes(median(seconds) / own) : '',
      cpuSeconds ? inSeconds(cpuSeconds) : '?', peakMb ? peakMb.toFixed(0) : '?',
      notices === undefined ? '' : notices.join(', ') || 'did not notice',
    ]
  })
  const head = ['tool', 'median s', 'min–max s', 'runs', 'time ÷ ours', 'CPU s', 'peak MB', 'notices']
  return `${title}\n\n${table(head, body)}`
}

/**
 * Milliseconds per skill at each size, by the clock or by processor time, which other work on the machine
 * disturbs less; linear growth keeps the last column at or below 1.
 */
export function growthTable(sets: SetResult[], by: 'clock' | 'processor'): string {
  const [first, last] = [sets[0]!, sets.at(-1)!]
  const perSkill = (set: SetResult, tool: string) => {
    const row = set.rows.find((one) => one.tool === tool && !one.reason)
    const seconds = by === 'clock' ? row?.seconds && median(row.seconds) : row?.cpuSeconds
    return seconds && (seconds * 1_000) / set.skills
  }
  const body = first.rows.map(({ tool }) => {
    const [from, to] = [perSkill(first, tool), perSkill(last, tool)]
    const cells = sets.map((set) => perSkill(set, tool)?.toFixed(2) ?? 'not measured')
    return [tool, ...cells, from && to ? (to / from).toFixed(2) : '']
  })
  const sizes = sets.map(({ skills }) => `${skills.toLocaleString('en-US')} skills`)
  return `Growth, ms per skill by ${by}\n\n${table(['tool', ...sizes, 'last ÷ first'], body)}`
}

function inTimes(ratio: number): string {
  return `${ratio.toFixed(ratio < 0.1 ? 4 : 2)}×`
}

function inSeconds(value: number): string {
  return value.toFixed(value < 10 ? 3 : 1)
}

function table(head: string[], body: string[][]): string {
  const width = (cell: string) => cell.startsWith(unmeasured) ? 0 : cell.length
  const widths = head.map((title, column) => Math.max(title.length, ...body.map((row) => width(row[column]!))))
  const line = (cells: string[]) => `| ${cells.map((cell, column) => cell.padEnd(widths[column]!)).join(' | ')} |`
  return [line(head), `| ${widths.map((width) => '-'.repeat(width)).join(' | ')} |`, ...body.map(line)].join('\n')
}
