import { createMiddleware } from 'hono/factory'
import { routePath } from 'hono/route'
import type { AppEnv, Deps } from '../deps'

/** One line and one measurement per request, and `c.var.log`, which carries the request id from here on. */
export function accessLog({ log, metrics, clock }: Deps) {
  const duration = metrics.histogram('http.server.request.duration')
  const requests = metrics.counter('http.server.requests')

  return createMiddleware<AppEnv>(async function accessLog(c, next) {
    const startedAt = clock().getTime()
    const requestLog = log.child({ requestId: c.get('requestId') })
    c.set('log', requestLog)
    await next()
    const durationMs = clock().getTime() - startedAt
    const { method } = c.req
    const route = c.res.status === 404 ? 'unmatched' : routePath(c)
    const { status } = c.res
    const probe = isProbe(c.req.path)
    if (!probe) requests.add({ method, status })
    duration.record(durationMs / 1000, {
      'http.request.method': method,
      'http.route': route,
      'http.response.status_code': status,
    })
    const outcome = c.req.raw.signal.aborted
      ? 'client_closed'
      : status >= 500
        ? 'error'
        : status >= 400
          ? 'refused'
          : 'ok'
    requestLog[probe ? 'debug' : 'info']({
      event: 'http_request',
      method,
      route,
      status,
      durationMs,
      outcome,
      error: c.error,
    })
  })
}

/** Asked by machines every few seconds: neither worth a log line nor a sign of use. */
function isProbe(path: string): boolean {
  return path.startsWith('/health/') || path === '/metrics'
}
