import { wilson } from './statistics.ts'

/** Hits in the runs of one prompt. */
export interface Cluster {
  hits: number
  total: number
}

export interface ClusteredRate {
  hits: number
  total: number
  rate: number | null
  low: number
  high: number
  /** Number of independent runs that hold as much information as these. */
  effective: number
}

/**
 * Share of hits with a Wilson 95 % interval on the effective number of runs: runs of one prompt resemble each
 * other, so ten runs of one prompt are not ten prompts. The design effect is 1 + (m − 1)·ICC with the ICC of a
 * one-way analysis of variance, never below 0 (Kish 1965).
 */
export function clusteredRate(clusters: Cluster[]): ClusteredRate {
  const used = clusters.filter(({ total }) => total > 0)
  const [hits, total] = [sumOf(used, 'hits'), sumOf(used, 'total')]
  if (total === 0) return { hits, total, rate: null, low: 0, high: 1, effective: 0 }
  const effective = total / designEffect(used, hits / total, total)
  const { low, high } = wilson((hits / total) * effective, effective)
  return { hits, total, rate: hits / total, low, high, effective }
}

function designEffect(clusters: Cluster[], share: number, total: number): number {
  const k = clusters.length
  if (k < 2 || total === k) return 1
  // Equal answers within every prompt and overall: nothing to tell runs from prompts, so prompts count.
  if (share === 0 || share === 1) return total / k
  const squares = clusters.reduce((sum, { total: m }) => sum + m * m, 0)
  const size = (total - squares / total) / (k - 1)
  const between = clusters.reduce((sum, { hits, total: m }) => sum + m * (hits / m - share) ** 2, 0) / (k - 1)
  const within = clusters.reduce((sum, { hits, total: m }) => sum + m * (hits / m) * (1 - hits / m), 0) / (total - k)
  const icc = Math.max(0, (between - within) / (between + (size - 1) * within))
  return 1 + (squares / total - 1) * icc
}

/** Difference of two independent shares, `b − a`, with Newcombe's 95 % interval (1998, method 10). */
export function newcombe(a: Cluster, b: Cluster): { difference: number; low: number; high: number } {
  const [pa, pb] = [a.hits / a.total, b.hits / b.total]
  const [wa, wb] = [wilson(a.hits, a.total), wilson(b.hits, b.total)]
  const difference = pb - pa
  return {
    difference,
    low: difference - Math.hypot(pb - wb.low, wa.high - pa),
    high: difference + Math.hypot(wb.high - pb, pa - wa.low),
  }
}

/** Exact two-sided McNemar test: the chance of a split as uneven as `gained` to `lost` among pairs that differ. */
export function mcnemar(gained: number, lost: number): number {
  const n = gained + lost
  let tail = 0
  for (let k = 0; k <= Math.min(gained, lost); k++) tail += Math.exp(logChoose(n, k) - n * Math.LN2)
  return Math.min(1, 2 * tail)
}

/** PASS when the whole interval is on the right side of `limit`, FAIL when on the wrong one, else INCONCLUSIVE. */
export function verdictOn(
  { low, high }: Pick<ClusteredRate, 'low' | 'high'>, kind: 'at least' | 'at most', limit: number,
): 'PASS' | 'FAIL' | 'INCONCLUSIVE' {
  if (kind === 'at least' ? low >= limit : high <= limit) return 'PASS'
  return (kind === 'at least' ? high < limit : low > limit) ? 'FAIL' : 'INCONCLUSIVE'
}

/** Further independent runs after which the same share would decide; `null` when more than 100,000 would not. */
export function runsToDecide(rate: ClusteredRate, kind: 'at least' | 'at most', limit: number): number | null {
  if (rate.rate === null) return null
  const decides = (n: number) => verdictOn(wilson(rate.rate! * n, n), kind, limit) !== 'INCONCLUSIVE'
  const start = Math.max(1, Math.ceil(rate.effective))
  let high = start
  while (!decides(high)) {
    if ((high *= 2) > 100_000) return null
  }
  let low = start
  while (low < high) {
    const middle = (low + high) >> 1
    if (decides(middle)) high = middle
    else low = middle + 1
  }
  return Math.max(0, high - start)
}

function logChoose(n: number, k: number): number {
  let sum = 0
  for (let index = 1; index <= k; index++) sum += Math.log(n - k + index) - Math.log(index)
  return sum
}

const sumOf = (clusters: Cluster[], field: keyof Cluster): number => clusters.reduce((sum, one) => sum + one[field], 0)
