import fc from 'fast-check'
import { expect, test } from 'vitest'
import { newcombe } from '../intervals.ts'
import { holm, pairedDifference, type Pairs } from './paired.ts'

const pairs = (both: number, lost: number, gained: number, neither: number): Pairs => ({ both, lost, gained, neither })
const some = fc.tuple(fc.nat(40), fc.nat(40), fc.nat(40), fc.nat(40)).filter((counts) => counts.some(Boolean))

test('the interval holds the difference, and turns over with the sides', () => {
  fc.assert(fc.property(some, ([both, lost, gained, neither]) => {
    const { difference, low, high } = pairedDifference(pairs(both, lost, gained, neither))
    const turned = pairedDifference(pairs(both, gained, lost, neither))
    expect(low).toBeLessThanOrEqual(difference! + 1e-12)
    expect(high).toBeGreaterThanOrEqual(difference! - 1e-12)
    expect(turned.low).toBeCloseTo(-high, 10)
    expect(turned.high).toBeCloseTo(-low, 10)
  }))
})

test('without agreement beyond chance it is the interval of two independent samples', () => {
  const { low, high, difference } = pairedDifference(pairs(20, 20, 20, 20))
  const apart = newcombe({ hits: 40, total: 80 }, { hits: 40, total: 80 })
  expect(difference).toBe(0)
  expect(low).toBeCloseTo(apart.low, 10)
  expect(high).toBeCloseTo(apart.high, 10)
})

test('agreement makes it narrower', () => {
  const width = ({ low, high }: { low: number; high: number }) => high - low
  expect(width(pairedDifference(pairs(38, 2, 2, 38)))).toBeLessThan(0.6 * width(pairedDifference(pairs(20, 20, 20, 20))))
})

// Each outcome of 20 pairs weighed with its multinomial probability, for three truths.
test.each([[0.5, 0.1, 0.2, 0.2], [0.3, 0.3, 0.1, 0.3], [0.7, 0.05, 0.15, 0.1]])(
  'it covers the true difference about 95 times in 100: %j %j %j %j', (...truth) => {
    const logFactorial = [0]
    for (let k = 1; k <= 20; k++) logFactorial.push(logFactorial[k - 1]! + Math.log(k))
    let covered = 0
    for (let a = 0; a <= 20; a++) for (let b = 0; a + b <= 20; b++) for (let c = 0; a + b + c <= 20; c++) {
      const counts = [a, b, c, 20 - a - b - c]
      const chance = Math.exp(logFactorial[20]! + counts.reduce((sum, count, index) => sum + count * Math.log(truth[index]!) - logFactorial[count]!, 0))
      const { low, high } = pairedDifference(pairs(a, b, c, counts[3]!))
      if (low <= truth[2]! - truth[1]! && truth[2]! - truth[1]! <= high) covered += chance
    }
    expect(covered).toBeGreaterThan(0.94)
    expect(covered).toBeLessThan(0.99)
  })

test('nothing in pairs tells nothing', () => {
  expect(pairedDifference(pairs(0, 0, 0, 0))).toEqual({ difference: null, low: -1, high: 1 })
})

test('Holm multiplies the least by all, keeps the order and stops at 1', () => {
  expect(holm([0.04, 0.01, 0.5]).map((p) => Number(p.toFixed(3)))).toEqual([0.08, 0.03, 0.5])
  expect(holm([0.6, 0.7])).toEqual([1, 1])
  expect(holm([])).toEqual([])
})
