import { expect, test } from 'vitest'
import { duration, resultTable } from './table.ts'

test('durations keep two digits', () => {
  expect([0.2, 35.4, 999, 1_000, 9_949, 9_950, 82_400].map(duration)).toEqual([
    '1 ms', '35 ms', '999 ms', '1.0 s', '9.9 s', '10 s', '82 s',
  ])
})

test('a table names the locks as the manual does', () => {
  expect(resultTable([
    {
      id: 'x', change: 'add FK', way: 'direct', readers: 5, writers: 1_500, total: 1_510, retries: 2,
      locks: { leads: 'ShareRowExclusiveLock', mentorados: 'RowShareLock' },
    },
    { id: 'y', change: 'none', way: 'direct', readers: 5, writers: 6, total: 7, retries: 0, locks: {} },
  ])).toBe(`| change | way    | strongest locks                                 | longest read | longest write | total            |
| ------ | ------ | ----------------------------------------------- | ------------ | ------------- | ---------------- |
| add FK | direct | leads SHARE ROW EXCLUSIVE, mentorados ROW SHARE | 5 ms         | 1.5 s         | 1.5 s, 2 retries |
| none   | direct | –                                               | 5 ms         | 6 ms          | 7 ms             |`)
})
