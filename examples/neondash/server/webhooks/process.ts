import { z } from 'zod'
import { constraintOf, sqlState } from '../db/errors'
import type { Deps } from '../deps'
import type { Handler } from './handlers'
import { fail, finish, type InboxEvent, LeaseLost, Terminal } from './inbox'

interface Result {
  /** `lost`: whoever holds the event now, or its lease when it ends, decides. */
  outcome: 'done' | 'ignored' | 'retry' | 'dead' | 'lost'
  delayMs?: number
  error?: unknown
}

/** One attempt at one event, with its log line and measurements. Never throws. */
export function createProcess({ db, log, metrics }: Deps, handlers: Record<string, Handler>) {
  const duration = metrics.histogram('neondash.inbox.duration')

  async function attempt(event: InboxEvent, handle: Handler | undefined): Promise<Result> {
    try {
      await finish(db, event, async (tx) => handle?.(tx, event))
      return { outcome: handle ? 'done' : 'ignored' }
    } catch (error) {
      if (error instanceof LeaseLost) return { outcome: 'lost', error }
      // What does not parse now will not parse later; once the cause is mended, it comes back by replay.
      const terminal = error instanceof z.ZodError || error instanceof Terminal
      const failed = await fail(db, event, reasonOf(error), terminal).catch(() => undefined)
      if (!failed) return { outcome: 'lost', error }
      return failed.status === 'dead'
        ? { outcome: 'dead', error }
        : { outcome: 'retry', delayMs: failed.delayMs, error }
    }
  }

  return async function processEvent(event: InboxEvent): Promise<void> {
    const startedAt = performance.now()
    const operation = `${event.source}:${event.type}`
    const result = await attempt(event, handlers[operation])
    const durationMs = Math.round(performance.now() - startedAt)
    const { outcome } = result
    duration.record(durationMs / 1_000, { source: event.source, outcome })
    const level = outcome === 'dead' ? 'error' : result.error ? 'warn' : 'info'
    log[level]({
      event: 'webhook_processed',
      requestId: traceOf(event),
      operation,
      attempt: event.attempts,
      durationMs,
      ...result,
    })
  }
}

/** What stands for the request id where there is no request. */
export function traceOf({ source, eventId }: Pick<InboxEvent, 'source' | 'eventId'>): string {
  return `evt:${source}:${eventId}`
}

/** Class, code and place of an error; messages of database errors hold row values. */
function reasonOf(error: unknown): string {
  if (error instanceof z.ZodError)
    return `ZodError ${error.issues.map(({ path }) => path.join('.')).join(' ')}`
  if (error instanceof Terminal) return error.message
  const name = error instanceof Error ? error.name : typeof error
  return [name, sqlState(error), constraintOf(error)].filter(Boolean).join(' ')
}
