import { beforeEach, expect } from 'bun:test'
import { z } from 'zod'
import { createLog } from '../server/log'
import { createMetrics } from '../server/metrics'
import { type CallOptions, createProvider } from '../server/outbound/provider'
import { ProviderError } from '../server/outbound/provider-error'
import { startProvider } from './provider'

export const never = new AbortController().signal
export const Charge = z.object({ id: z.string(), status: z.enum(['requires_action', 'succeeded']) })
export const keyed = {
  operation: 'charge.create',
  method: 'POST',
  path: '/charges',
  body: 'amount=1',
  idempotencyKey: 'k1',
} as const

/** A provider on a real port, clients for it, and what they logged and measured. */
export function withProvider() {
  const server = startProvider()
  const lines: Record<string, unknown>[] = []
  const log = createLog({ level: 'debug', write: (line) => lines.push(JSON.parse(line)) }).child({
    requestId: 'req-1',
  })
  const metrics = createMetrics()
  beforeEach(() => {
    lines.length = 0
    server.script()
  })
  return {
    server,
    lines,
    log,
    metrics,
    create: (setup: Partial<Parameters<typeof createProvider>[0]> = {}) =>
      createProvider({
        name: 'stripe',
        baseUrl: server.url,
        log,
        metrics,
        backoffMs: 20,
        breakAfter: 100,
        ...setup,
      }),
    by: (options: Partial<CallOptions> = {}): CallOptions => ({
      budgetMs: 5_000,
      signal: never,
      log,
      ...options,
    }),
  }
}

/** The error of a call that must fail, and how long it took. */
export async function failure(call: Promise<unknown>) {
  const started = performance.now()
  const error = await call.then(
    () => undefined,
    (thrown) => thrown,
  )
  expect(error).toBeInstanceOf(ProviderError)
  return { error: error as ProviderError, ms: performance.now() - started }
}
