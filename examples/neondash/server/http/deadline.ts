import { createMiddleware } from 'hono/factory'
import { HTTPException } from 'hono/http-exception'
import type { AppEnv } from '../deps'

/**
 * Answers 504 after `ms`. The handler is not stopped by that: `c.var.signal` is what queries, providers and loops
 * listen to, and a write that already began ends under its idempotency key. A response that streams is on its own.
 */
export function deadline(ms: number) {
  return createMiddleware<AppEnv>(async function deadline(c, next) {
    const late = new AbortController()
    c.set('signal', AbortSignal.any([c.req.raw.signal, late.signal]))
    let timer: Timer | undefined
    const timeout = new Promise<never>((_, reject) => {
      timer = setTimeout(() => {
        late.abort(new DOMException('The request is over time', 'TimeoutError'))
        reject(new HTTPException(504, { message: 'Took too long' }))
      }, ms)
    })
    await Promise.race([next(), timeout]).finally(() => clearTimeout(timer))
  })
}
