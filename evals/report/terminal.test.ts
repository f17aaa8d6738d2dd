import { expect, test } from 'vitest'
import type { Row } from '../score.ts'
import { negativeOf, promptOf, rate, resultOf } from '../testing.ts'
import type { Check } from '../thresholds.ts'
import { summaryLines, terminal } from './terminal.ts'
import { runEvals } from '../run-evals.ts'

const met: Check = {
  id: 'train.recall',
  what: 'train recall',
  kind: 'at least',
  limit: 0.4,
  measured: rate(1, 2),
  met: true,
}
const rows: Row[] = [
  {
    prompt: promptOf({ id: 'lost', query: `first\nline ${'long '.repeat(60)}` }),
    loaded: 'other',
    why: 'other 3.1 by line',
  },
  { prompt: promptOf({ id: 'found' }), loaded: 'ours' },
  { prompt: negativeOf('other', { id: 'broken', split: 'validation' }), unusable: 'timeout' },
]

test('numbers carry their interval, splits stand apart', () => {
  const text = terminal(resultOf(rows, [met]))
  expect(text).toContain('ours among 2 other skills, fake client (made up)')
  expect(text).toMatch(/^ +train +validation$/m)
  expect(text).toMatch(/^ {2}recall +50\.0 % \(1\/2, 95 % 9\.5–90\.5\) +none$/m)
  expect(text).toMatch(/^ {2}prompts answered +2\/2 +0\/1$/m)
  expect(text).toContain('thresholds: 1 of 1 met: passed')
})

test('misses are listed on request, one line of the prompt each', () => {
  expect(terminal(resultOf(rows))).not.toContain('lost')
  const text = terminal(resultOf(rows), { verbose: true })
  expect(text).toMatch(/^ {2}missed {6}lost: first line (long )+/m)
  expect(text).toContain('other 3.1 by line')
  expect(text).toContain('unusable    broken: timeout')
  expect(Math.max(...text.split('\n').map(({ length }) => length))).toBeLessThan(130)
})

test('what failed is named', () => {
  const text = terminal(resultOf(rows, [{ ...met, limit: 0.9, met: false }], { verdict: 'fail' }))
  expect(text).toContain('not met  train recall: 50.0 % (1/2, 95 % 9.5–90.5), at least 90.0 % is due')
  expect(text).toContain('thresholds: 1 of 1 not met (train.recall): failed')
})

test('too few answers are inconclusive; notes come first', () => {
  const text = terminal(resultOf(rows, [], { verdict: 'inconclusive', notes: ['odd'] }))
  expect(text).toContain('inconclusive')
  expect(text.split('\n')[1]).toBe('note: odd')
})

test('colour only when asked for', () => {
  expect(terminal(resultOf(rows, [met]), { color: true })).toContain('\u001b[32mpassed\u001b[39m')
  expect(terminal(resultOf(rows, [met]))).not.toContain('\u001b')
})

test('the summary has at most twelve lines, ours first, the worst next', async () => {
  const lines = summaryLines(await runEvals())
  expect(lines.length).toBeLessThanOrEqual(12)
  expect(lines[2]).toMatch(/^ {2}backend-design +\d/)
  const shares = lines.slice(3, 9).map((line) => Number(/ ([\d.]+) %/.exec(line)![1]))
  expect(shares).toEqual([...shares].sort((a, b) => a - b))
})
