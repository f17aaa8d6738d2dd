import type { Deps } from '../deps'
import { type Handler, handlers as ours } from './handlers'
import { claim, type Depth, type InboxEvent, measure, release, SOURCES, type Source, sweep } from './inbox'
import { createProcess, traceOf } from './process'

/** Dispatched on `deps.signals` when this process stored an event. */
export const STORED = 'webhook stored'

/** Counting reads the whole backlog. */
const CHECK_EVERY_MS = 5_000

interface Options {
  handlers?: Record<string, Handler>
  concurrency?: number
}

/** Processes the inbox until `stop()`, which waits for what runs. Any number of them may share a database. */
export function createWebhookWorker(deps: Deps, { handlers = ours, concurrency = 4 }: Options = {}) {
  const { db, log, env, signals } = deps
  const processEvent = createProcess(deps, handlers)
  const gauges = createGauges(deps)
  const alarm = createAlarm()
  const running = new Set<Promise<void>>()
  let stopping = false
  let checkedAt = Number.NEGATIVE_INFINITY
  let ended: Promise<void> | undefined

  // #region worker-loop
  async function loop() {
    while (!stopping) {
      const more = await round().catch((error) => log.error({ event: 'inbox_unavailable', error }))
      if (!more) await alarm.wait(env.WORKER_POLL_MS)
      else while (running.size > concurrency / 2) await Promise.race(running)
    }
    await Promise.all(running)
  }

  /** Claims no more than can begin at once, as a lease runs from the claim; whether more may be due. */
  async function round(): Promise<boolean> {
    await check()
    const free = concurrency - running.size
    const events = await claim(db, free)
    if (stopping) await release(db, events)
    else for (const event of events) begin(event)
    return events.length === free
  }

  function begin(event: InboxEvent) {
    const work = processEvent(event).finally(() => running.delete(work))
    running.add(work)
  }
  // #endregion

  async function check() {
    if (performance.now() - checkedAt < CHECK_EVERY_MS) return
    checkedAt = performance.now()
    for (const event of await sweep(db)) log.error({ event: 'webhook_buried', requestId: traceOf(event) })
    gauges.show(await measure(db))
  }

  return {
    start() {
      signals.addEventListener(STORED, alarm.ring)
      ended ??= loop()
    },
    async stop() {
      stopping = true
      signals.removeEventListener(STORED, alarm.ring)
      alarm.ring()
      await ended
    },
  }
}

/** Rung while nobody waits, it ends the next wait at once: a nudge during a claim is not lost. */
function createAlarm() {
  let rung = false
  let wake = () => {}
  return {
    ring() {
      rung = true
      wake()
    },
    async wait(ms: number) {
      let timer: Timer | undefined
      if (!rung)
        await new Promise<void>((resolve) => {
          wake = resolve
          timer = setTimeout(resolve, ms)
        })
      clearTimeout(timer)
      rung = false
    },
  }
}

/** The last measurement, so that a scrape costs no query. The age goes on growing when the worker hangs. */
function createGauges({ metrics, clock }: Deps) {
  let open: Map<Source, Depth> | undefined
  let measuredAt = 0
  const of = (source: Source) => {
    if (!open) throw new Error('not measured yet')
    return open.get(source) ?? { depth: 0, dead: 0, oldestSeconds: null }
  }
  for (const source of SOURCES) {
    metrics.gauge('neondash.inbox.depth', '1', () => of(source).depth, { source })
    metrics.gauge('neondash.inbox.dead', '1', () => of(source).dead, { source })
    metrics.gauge(
      'neondash.inbox.oldest',
      's',
      () => {
        const { oldestSeconds } = of(source)
        return oldestSeconds === null ? 0 : oldestSeconds + (clock().getTime() - measuredAt) / 1_000
      },
      { source },
    )
  }
  return {
    show(depths: Depth[]) {
      open = new Map(depths.map((depth) => [depth.source, depth]))
      measuredAt = clock().getTime()
    },
  }
}
