import type { Outcome } from './rehearsal.ts'

const seconds = (ms: number | undefined) => (ms === undefined ? '–' : `${(ms / 1_000).toFixed(1)} s`)

/** A table of runbook, fault and times, then what failed and what was left out. */
export function prettyReport(outcomes: Outcome[]): string {
  const rows = [
    ['runbook', 'detect', 'recover', 'fault'],
    ...outcomes.map(({ runbook, ok, detectMs, recoverMs, fault }) =>
      [`${ok ? '✔' : '✖'} ${runbook}`, seconds(detectMs), seconds(recoverMs), fault]),
  ]
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => row[column]!.length)))
  const table = rows.map((row) => row.map((cell, i) =>
    i === 0 ? cell.padEnd(widths[0]!) : i < 3 ? cell.padStart(widths[i]!) : cell).join('  '))
  const left = outcomes.flatMap(({ runbook, unrehearsed }) =>
    Object.entries(unrehearsed).map(([words, reason]) => `  ${runbook}: "${words}": ${reason}`))
  const problems = outcomes.filter(({ ok }) => !ok).map(({ runbook, problem }) => `✖ ${runbook}: ${problem}`)
  const failed = problems.length
  return [
    ...table,
    ...(left.length > 0 ? ['', 'Not rehearsed, and why', ...left] : []),
    ...(failed > 0 ? ['', ...problems] : []),
    '',
    `${outcomes.length} ${outcomes.length === 1 ? 'rehearsal' : 'rehearsals'}, ${failed} failed`,
    '',
  ].join('\n')
}

/** The same as data; times in milliseconds. */
export function jsonReport(outcomes: Outcome[]): string {
  return `${JSON.stringify({ ok: outcomes.every(({ ok }) => ok), rehearsals: outcomes }, null, 2)}\n`
}
