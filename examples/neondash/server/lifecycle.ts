import type { Log } from './log'

type Hook = { name: string; run: () => unknown }

export type Lifecycle = ReturnType<typeof createLifecycle>

interface Options {
  log: Log
  drainMs?: number
  stopMs?: number
  closeMs?: number
}

/**
 * One shutdown for every cause: not ready, wait until the load balancer noticed, stop intake and let running
 * work end, close what it used.
 */
export function createLifecycle({ log, drainMs = 0, stopMs = 10_000, closeMs = 2_000 }: Options) {
  const draining = new AbortController()
  const intake: Hook[] = []
  const resources: Hook[] = []
  let ready = false
  let stopping: Promise<boolean> | undefined

  async function runAll(hooks: Hook[], deadlineMs: number): Promise<boolean> {
    const run = async (hook: Hook) => {
      try {
        await hook.run()
        return true
      } catch (error) {
        log.error({ event: 'shutdown_hook_failed', hook: hook.name, error })
        return false
      }
    }
    const late = Bun.sleep(deadlineMs).then(() => false)
    return Promise.race([Promise.all(hooks.map(run)).then((results) => results.every(Boolean)), late])
  }

  // #region stop
  async function stop(cause: string): Promise<boolean> {
    log.info({ event: 'shutdown', cause })
    const wasReady = ready
    ready = false
    if (wasReady) await Bun.sleep(drainMs)
    draining.abort()
    const idle = await runAll(intake, stopMs)
    const closed = await runAll(resources, closeMs)
    log.info({ event: 'exit', clean: idle && closed })
    return idle && closed
  }
  // #endregion

  return {
    /** Aborted when running streams and loops must end. */
    draining: draining.signal,
    get ready() {
      return ready
    },
    get stopping() {
      return stopping !== undefined
    },
    markReady() {
      ready = true
    },
    /** Stop taking work and wait for what runs: the HTTP server, workers, the scheduler. */
    onDrain(name: string, run: Hook['run']) {
      intake.push({ name, run })
    },
    /** Close what work needed: pools, Redis. Runs after every `onDrain` hook ended or ran out of time. */
    onClose(name: string, run: Hook['run']) {
      resources.push({ name, run })
    },
    /** Resolves to whether everything ended in time; later calls join the first. */
    shutdown(cause: string): Promise<boolean> {
      stopping ??= stop(cause)
      return stopping
    },
  }
}
