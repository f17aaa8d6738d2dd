/** A share of a count with its Wilson 95 % interval; all in 0 … 1. Nothing counted: no rate, the widest interval. */
export interface Rate {
  hits: number
  total: number
  rate: number | null
  low: number
  high: number
}

const z95 = 1.959963984540054

/**
 * Wilson score interval of `hits` in `total`. Unlike the normal interval it holds for few prompts and
 * for shares near 0 and 1.
 */
export function wilson(hits: number, total: number, z = z95): { low: number; high: number } {
  if (!(hits >= 0 && hits <= total)) throw new RangeError(`${hits} of ${total} is not a share`)
  if (total === 0) return { low: 0, high: 1 }
  const share = hits / total
  const scale = 1 + (z * z) / total
  const center = (share + (z * z) / (2 * total)) / scale
  const half = (z / scale) * Math.sqrt((share * (1 - share)) / total + (z * z) / (4 * total * total))
  return { low: hits === 0 ? 0 : center - half, high: hits === total ? 1 : center + half }
}

/** `hits` in `total` as a rate with its interval, rounded to six digits so that reports compare byte for byte. */
export function rateOf(hits: number, total: number): Rate {
  const { low, high } = wilson(hits, total)
  return { hits, total, rate: total === 0 ? null : round(hits / total), low: round(low), high: round(high) }
}

/** Share of `rows` that satisfy `holds`. */
export function shareOf<T>(rows: readonly T[], holds: (row: T) => boolean): Rate {
  return rateOf(rows.filter(holds).length, rows.length)
}

function round(value: number): number {
  return Math.round(value * 1e6) / 1e6
}
