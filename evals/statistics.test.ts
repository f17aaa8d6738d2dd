import { expect, test } from 'vitest'
import { rateOf, shareOf, wilson } from './statistics.ts'

const published: [number, number, number, number][] = [
  [3, 3, 43.9, 100],
  [5, 5, 56.6, 100],
  [10, 10, 72.2, 100],
  [20, 20, 83.9, 100],
  [35, 35, 90.1, 100],
  [17, 20, 64.0, 94.8],
  [19, 20, 76.4, 99.1],
  [45, 50, 78.6, 95.7],
  [90, 100, 82.6, 94.5],
]

test.each(published)('%i of %i is between %f and %f %', (hits, total, low, high) => {
  const interval = wilson(hits, total)
  expect((interval.low * 100).toFixed(1)).toBe(low.toFixed(1))
  expect((interval.high * 100).toFixed(1)).toBe(high.toFixed(1))
})

test('the interval of misses mirrors that of hits', () => {
  expect(wilson(3, 20).low).toBeCloseTo(1 - wilson(17, 20).high, 12)
  expect(wilson(0, 3).low).toBe(0)
  expect(wilson(0, 3).high).toBeCloseTo(1 - wilson(3, 3).low, 12)
})

test('nothing counted is no rate and the widest interval', () => {
  expect(rateOf(0, 0)).toEqual({ hits: 0, total: 0, rate: null, low: 0, high: 1 })
})

test('a share of rows', () => {
  expect(shareOf([1, 2, 3, 4], (number) => number > 1)).toMatchObject({ hits: 3, total: 4, rate: 0.75 })
})

test.each([
  [4, 3],
  [-1, 3],
  [Number.NaN, 3],
])('%d of %d is refused', (hits, total) => {
  expect(() => wilson(hits, total)).toThrow(RangeError)
})
