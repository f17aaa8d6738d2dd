import { setTimeout as sleep } from 'node:timers/promises'
import type { z } from 'zod'
import type { Log } from '../log'
import { type CircuitSetup, createCircuit } from './circuit'
import { type Kind, ProviderError } from './provider-error'

interface Setup extends CircuitSetup {
  baseUrl: string
  headers?: Record<string, string>
  /** One attempt, its body included. */
  attemptMs?: number
  /** The longest first wait; each later one may be twice as long. */
  backoffMs?: number
}

interface ProviderRequest {
  /** A name of few values, for logs and metrics: 'charge.create'. */
  operation: string
  method: 'GET' | 'POST' | 'PATCH'
  path: string
  body?: string | URLSearchParams
  /** One per intent, repeated on every attempt. Without it only a GET is sent again: the outcome of a write may be unknown. */
  idempotencyKey?: string
}

export interface CallOptions {
  /** All attempts and the waits between them. */
  budgetMs: number
  signal: AbortSignal
  /** The request's or job's own log. */
  log: Log
  /** 1 where the caller itself retries, as the outbox does: layers multiply. */
  attempts?: number
}

/** A call whose repetition has no second effect. */
export type KeyedCall = CallOptions & { idempotencyKey: string }

/** One provider as this instance sees it; create it once, the circuit belongs to it. */
export function createProvider(setup: Setup) {
  const { name, attemptMs = 3_000, backoffMs = 200 } = setup
  const guard = createCircuit(setup)
  const durations = setup.metrics.histogram('http.client.request.duration')

  // #region provider-call
  /** Calls until the provider answers as `answer` says, or another attempt is pointless or out of budget. */
  return async function call<T>(request: ProviderRequest, answer: z.ZodType<T>, by: CallOptions): Promise<T> {
    const names = { provider: name, operation: request.operation }
    const log = by.log.child(names)
    const record = (started: number, outcome: string) =>
      durations.record((performance.now() - started) / 1_000, { ...names, outcome })

    // #region provider-retry
    const deadline = Date.now() + by.budgetMs
    const repeatable = request.method === 'GET' || request.idempotencyKey !== undefined
    const attempts = repeatable ? (by.attempts ?? 3) : 1
    for (let attempt = 1; ; attempt++) {
      const started = performance.now()
      const leftMs = Math.min(attemptMs, Math.max(1, deadline - Date.now()))
      try {
        const data = await guard(() => send(setup, request, answer, by.signal, leftMs))
        record(started, 'ok')
        return data
      } catch (error) {
        if (!(error instanceof ProviderError)) throw error
        record(started, error.kind)
        const delayMs = error.waitMs + Math.random() * Math.min(2_000, backoffMs * 2 ** (attempt - 1))
        if (!error.transient || attempt >= attempts || Date.now() + delayMs >= deadline) throw error
        const { kind: errorClass, status: errorCode } = error
        log.warn({ event: 'provider_retry', attempt, delayMs: Math.round(delayMs), errorClass, errorCode })
        await sleep(delayMs, undefined, { signal: by.signal }).catch((cause) => {
          throw new ProviderError(name, 'aborted', { cause })
        })
      }
    }
    // #endregion
  }
  // #endregion
}

// #region provider-send
/** One attempt; the time limit covers the body too. */
async function send<T>(
  { name, baseUrl, headers }: Setup,
  { method, path, body, idempotencyKey }: ProviderRequest,
  answer: z.ZodType<T>,
  callerSignal: AbortSignal,
  limitMs: number,
): Promise<T> {
  try {
    // #region provider-fetch
    const response = await fetch(baseUrl + path, {
      method,
      body,
      headers: { ...headers, ...(idempotencyKey && { 'idempotency-key': idempotencyKey }) },
      // Followed, a redirect would carry the key to another host and turn a POST into a GET.
      redirect: 'manual',
      signal: AbortSignal.any([callerSignal, AbortSignal.timeout(limitMs)]),
    })
    // #endregion
    const { ok, status } = response
    if (!ok) {
      await response.body?.cancel()
      const waitMs = retryAfterMs(response.headers.get('retry-after'))
      throw new ProviderError(name, kindOf(status), { status, waitMs })
    }
    const { data, error } = answer.safeParse(await response.json())
    if (error) throw new ProviderError(name, 'terminal', { status, cause: error })
    return data as T
  } catch (cause) {
    if (cause instanceof ProviderError) throw cause
    const late = cause instanceof Error && cause.name === 'TimeoutError'
    const kind = callerSignal.aborted ? 'aborted' : late ? 'timeout' : 'unavailable'
    throw new ProviderError(name, kind, { cause })
  }
}

function kindOf(status: number): Kind {
  if (status === 429) return 'rate_limited'
  if (status === 409) return 'in_progress'
  if (status === 408) return 'timeout'
  return status >= 500 ? 'unavailable' : 'terminal'
}
// #endregion

// #region retry-after
/** Seconds or an HTTP-date; 0 for neither. */
export function retryAfterMs(header: string | null, now = Date.now()): number {
  if (!header) return 0
  const ms = /^\d+$/.test(header) ? Number(header) * 1_000 : Date.parse(header) - now
  return Math.max(0, ms || 0)
}
// #endregion
