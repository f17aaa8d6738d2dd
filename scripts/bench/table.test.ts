import { expect, test } from 'vitest'
import { growthTable, median, setTable, type SetResult } from './table.ts'

const set = (skills: number, own: number[], peer: number[]): SetResult => ({
  title: `${skills} skills`, skills,
  rows: [
    { tool: 'validate', seconds: own, peakMb: 99.6, cpuSeconds: 0.41, notices: ['description', 'link'] },
    { tool: 'peer 1.0.0', seconds: peer, notices: [] },
    { tool: 'broken 2.0.0', reason: 'gone' },
  ],
})

test('the median of an odd and of an even number of runs', () => {
  expect(median([3, 1, 2])).toBe(2)
  expect(median([4, 1, 2, 3])).toBe(2.5)
})

test('a set shows ratios to the first row, blindness and what was not measured', () => {
  expect(setTable(set(17, [0.3, 0.2, 0.25], [12, 10]))).toBe(`17 skills

| tool         | median s | min–max s   | runs | time ÷ ours | CPU s | peak MB | notices           |
| ------------ | -------- | ----------- | ---- | ----------- | ----- | ------- | ----------------- |
| validate     | 0.250    | 0.200–0.300 | 3    | 1.00×       | 0.410 | 100     | description, link |
| peer 1.0.0   | 11.0     | 10.0–12.0   | 2    | 44.00×      | ?     | ?       | did not notice    |
| broken 2.0.0 | not measured: gone |             |      |             |       |         |                   |`)
})

test('growth shows milliseconds per skill', () => {
  expect(growthTable([set(100, [1], [2]), set(1_000, [8], [30])], 'clock')).toBe(`Growth, ms per skill by clock

| tool         | 100 skills   | 1,000 skills | last ÷ first |
| ------------ | ------------ | ------------ | ------------ |
| validate     | 10.00        | 8.00         | 0.80         |
| peer 1.0.0   | 20.00        | 30.00        | 1.50         |
| broken 2.0.0 | not measured | not measured |              |`)
})

test('growth by processor time knows what was not measured', () => {
  expect(growthTable([set(100, [1], [2]), set(1_000, [8], [30])], 'processor')).toContain(`
| validate     | 4.10         | 0.41         | 0.10         |
| peer 1.0.0   | not measured | not measured |              |`)
})
