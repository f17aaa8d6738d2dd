import { describe, expect, it } from 'vitest'
import { clusteredRate, mcnemar, newcombe, runsToDecide, verdictOn } from './intervals.ts'
import { wilson } from './statistics.ts'

describe('clusteredRate', () => {
  it('is Wilson where every prompt ran once', () => {
    const { low, high, effective } = clusteredRate([{ hits: 1, total: 1 }, { hits: 0, total: 1 }, { hits: 1, total: 1 }])
    expect({ low, high }).toEqual(wilson(2, 3))
    expect(effective).toBe(3)
  })
  it('counts prompts, not runs, where all runs of a prompt agree', () => {
    const rate = clusteredRate([...Array(8)].map((_, index) => ({ hits: index < 4 ? 5 : 0, total: 5 })))
    expect(rate.effective).toBeCloseTo(8, 5)
    expect(clusteredRate([{ hits: 3, total: 3 }, { hits: 3, total: 3 }]).effective).toBe(2)
  })
  it('counts runs where prompts do not differ', () => {
    expect(clusteredRate([...Array(10)].map(() => ({ hits: 2, total: 4 }))).effective).toBe(40)
  })
  it('knows nothing of nothing', () => {
    expect(clusteredRate([{ hits: 0, total: 0 }])).toMatchObject({ rate: null, low: 0, high: 1 })
  })
})

describe('newcombe', () => {
  // 56/70 against 48/80 gives 0.0524 to 0.3339 in Newcombe (1998), table II, method 10.
  it('gives the published interval', () => {
    const { difference, low, high } = newcombe({ hits: 48, total: 80 }, { hits: 56, total: 70 })
    expect(difference).toBeCloseTo(0.2, 10)
    expect(low).toBeCloseTo(0.0524, 4)
    expect(high).toBeCloseTo(0.3339, 4)
  })
})

describe('mcnemar', () => {
  it.each([[5, 0, 0.0625], [6, 0, 0.03125], [1, 1, 1], [0, 0, 1], [9, 1, 0.021484375]])('%i gained, %i lost: %f', (gained, lost, p) => {
    expect(mcnemar(gained, lost)).toBeCloseTo(p, 10)
  })
})

describe('verdictOn', () => {
  it.each([
    [0.8, 0.95, 'at least', 0.7, 'PASS'], [0.3, 0.6, 'at least', 0.7, 'FAIL'], [0.6, 0.9, 'at least', 0.7, 'INCONCLUSIVE'],
    [0, 0.04, 'at most', 0.05, 'PASS'], [0.06, 0.2, 'at most', 0.05, 'FAIL'],
  ] as const)('%f to %f, %s %f: %s', (low, high, kind, limit, verdict) => {
    expect(verdictOn({ low, high }, kind, limit)).toBe(verdict)
  })
  it('tells how many more runs would decide', () => {
    const rate = clusteredRate([...Array(10)].map((_, index) => ({ hits: index < 9 ? 1 : 0, total: 1 })))
    const more = runsToDecide(rate, 'at least', 0.8)!
    expect(verdictOn(wilson(0.9 * (10 + more), 10 + more), 'at least', 0.8)).toBe('PASS')
    expect(verdictOn(wilson(0.9 * (9 + more), 9 + more), 'at least', 0.8)).toBe('INCONCLUSIVE')
    expect(runsToDecide(clusteredRate([{ hits: 1, total: 2 }]), 'at least', 0.5)).toBeNull()
  })
})
