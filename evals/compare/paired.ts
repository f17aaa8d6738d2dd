import { wilson } from '../statistics.ts'

/** The same prompts judged twice. */
export interface Pairs {
  both: number
  /** Right in A alone. */
  lost: number
  /** Right in B alone. */
  gained: number
  neither: number
}

/**
 * Difference of two shares of the same prompts, B − A, with a 95 % interval: Wilson intervals of both, corrected for
 * how far the two agree (Newcombe 1998, paired data, method 10). Without a pair: no difference, the widest interval.
 */
export function pairedDifference({ both, lost, gained, neither }: Pairs): { difference: number | null; low: number; high: number } {
  const n = both + lost + gained + neither
  if (n === 0) return { difference: null, low: -1, high: 1 }
  const [a, b] = [(both + lost) / n, (both + gained) / n]
  const [ofA, ofB] = [wilson(both + lost, n), wilson(both + gained, n)]
  const phi = agreement({ both, lost, gained, neither })
  const span = (x: number, y: number) => Math.sqrt(Math.max(0, x * x - 2 * phi * x * y + y * y))
  const difference = b - a
  return {
    difference,
    low: Math.max(-1, difference - span(b - ofB.low, ofA.high - a)),
    high: Math.min(1, difference + span(ofB.high - b, a - ofA.low)),
  }
}

/** Holm's step-down: p values corrected for being several, in the order given. */
export function holm(values: number[]): number[] {
  const order = values.map((_, index) => index).sort((x, y) => values[x]! - values[y]!)
  const adjusted: number[] = Array(values.length)
  let highest = 0
  for (const [rank, index] of order.entries()) {
    highest = Math.max(highest, Math.min(1, (values.length - rank) * values[index]!))
    adjusted[index] = highest
  }
  return adjusted
}

function agreement({ both, lost, gained, neither }: Pairs): number {
  const product = (both + lost) * (gained + neither) * (both + gained) * (lost + neither)
  if (product === 0) return 0
  const excess = both * neither - lost * gained
  const corrected = excess > 0 ? Math.max(excess - (both + lost + gained + neither) / 2, 0) : excess
  return corrected / Math.sqrt(product)
}
