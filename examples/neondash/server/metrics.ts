import { monitorEventLoopDelay } from 'node:perf_hooks'

type Labels = Record<string, string | number>
type Unit = 's' | 'By' | '1'
interface Instrument {
  lines(): Iterable<string> | Promise<Iterable<string>>
}

const SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10]

export type Metrics = ReturnType<typeof createMetrics>

/** Instruments carry OpenTelemetry names; `text()` is Prometheus' form of them. Never label by actor or tenant. */
export function createMetrics() {
  const instruments = new Map<string, Instrument>()

  function define<T extends Instrument>(name: string, make: () => T): T {
    const known = instruments.get(name) as T | undefined
    if (known) return known
    const made = make()
    instruments.set(name, made)
    return made
  }

  const metrics = {
    counter(name: string) {
      return define(name, () => {
        const id = `${prometheusName(name, '1')}_total`
        const values = new Map<string, number>()
        return {
          add(labels: Labels = {}, by = 1) {
            const key = labelText(labels)
            values.set(key, (values.get(key) ?? 0) + by)
          },
          get: (labels: Labels = {}) => values.get(labelText(labels)) ?? 0,
          total: () => [...values.values()].reduce((sum, value) => sum + value, 0),
          *lines() {
            yield `# TYPE ${id} counter`
            for (const [labels, value] of values) yield `${id}${labels} ${value}`
          },
        }
      })
    },

    histogram(name: string, buckets = SECONDS) {
      return define(name, () => {
        const id = prometheusName(name, 's')
        const series = new Map<string, { labels: Labels; counts: number[]; sum: number; count: number }>()
        return {
          record(seconds: number, labels: Labels = {}) {
            const key = labelText(labels)
            const one = series.get(key) ?? { labels, counts: buckets.map(() => 0), sum: 0, count: 0 }
            series.set(key, one)
            one.sum += seconds
            one.count += 1
            for (const [i, le] of buckets.entries())
              if (seconds <= le) one.counts[i] = (one.counts[i] ?? 0) + 1
          },
          *lines() {
            yield `# TYPE ${id} histogram`
            for (const { labels, counts, sum, count } of series.values()) {
              for (const [i, le] of buckets.entries())
                yield `${id}_bucket${labelText({ ...labels, le })} ${counts[i]}`
              yield `${id}_bucket${labelText({ ...labels, le: '+Inf' })} ${count}`
              yield `${id}_sum${labelText(labels)} ${sum}`
              yield `${id}_count${labelText(labels)} ${count}`
            }
          },
        }
      })
    },

    /** Read when scraped. A gauge that cannot be read is left out. */
    gauge(name: string, unit: Unit, read: () => number | Promise<number>, labels: Labels = {}) {
      const id = prometheusName(name, unit)
      define(`${name}${labelText(labels)}`, () => ({
        async lines() {
          const value = await Promise.resolve()
            .then(read)
            .catch(() => undefined)
          return value === undefined ? [] : [`# TYPE ${id} gauge`, `${id}${labelText(labels)} ${value}`]
        },
      }))
    },

    async text(): Promise<string> {
      const parts = await Promise.all([...instruments.values()].map((one) => one.lines()))
      return `${[...new Set(parts.flatMap((lines) => [...lines]))].join('\n')}\n`
    },
  }
  return metrics
}

/** The delay is what every request on this instance waits when something blocks. */
export function watchProcess(metrics: Metrics) {
  const delay = monitorEventLoopDelay({ resolution: 20 })
  delay.enable()
  metrics.gauge('nodejs.eventloop.delay.max', 's', () => {
    const seconds = delay.max / 1e9
    delay.reset()
    return seconds
  })
  metrics.gauge('process.memory.usage', 'By', () => process.memoryUsage.rss())
}

function prometheusName(name: string, unit: Unit): string {
  const suffix = { s: '_seconds', By: '_bytes', '1': '' }[unit]
  return name.replaceAll('.', '_') + suffix
}

function labelText(labels: Labels): string {
  const pairs = Object.entries(labels)
  if (pairs.length === 0) return ''
  return `{${pairs.map(([k, v]) => `${k.replaceAll('.', '_')}=${JSON.stringify(String(v))}`).join(',')}}`
}
