import { ancestors, functionAround, isFunction, isWithin, pathOf, within, type Call } from './engine/ast.ts'
import { isScript } from './engine/source.ts'
import type { Rule } from './engine/rule.ts'
import { handlersOf, isInHandler, webhookHandlers } from './model/handlers.ts'

/** Logs of a request that cannot be found by the request. */
export const rule: Rule = {
  id: 'log-without-correlation',
  summary: 'console output on the path of a request, without request id',
  severity: 'warning',
  why: 'In an incident such a line belongs to no request, actor or tenant.',
  fix: 'Log through the request-scoped logger of the context, which carries requestId, actor and subject.',
  operation: 'behaviour change',
  reference: 'infrastructure.md#logs-and-metrics',
  mentions: /\bconsole\.(?:log|error|warn|info|debug)\b/,
  check(source, report) {
    if (source.side === 'web' || isScript(source.path) || /import\.meta\.main|process\.argv|Bun\.argv/.test(source.text)) return
    const webhooks = webhookHandlers(source).map(({ fn }) => fn)
    const elsewhere: Call[] = []
    for (const call of source.calls) {
      if (!/^console\.(?:log|error|warn|info|debug)$/.test(pathOf(call.callee) ?? '')) continue
      if (within(call, (node) => node.type === 'Identifier' && /request_?id|correlation|trace_?id/i.test(node.name)).length > 0) continue
      if (isInHandler(source, call) || webhooks.some((fn) => isWithin(call, fn)) || isInMiddleware(call)) {
        report(call, `${pathOf(call.callee)}() carries no request id; use the logger of the request's context`)
      } else elsewhere.push(call)
    }
    const first = elsewhere.find((call) => functionAround(call))
    if (first && handlersOf(source).length === 0 && /(?:^|\/)(?:services?|webhooks?|jobs|adapters|repositories|modules)\//.test(source.path)) {
      report(first, `${elsewhere.length === 1 ? 'console output' : `${elsewhere.length} calls of console`} in a file of services; pass in the logger of the request`, { severity: 'info' })
    }
  },
}

/** A function `(c, next)` is Hono middleware. */
function isInMiddleware(call: Call): boolean {
  return [...ancestors(call)].some((node: any) => isFunction(node) && (node as any).params.length === 2 && (node as any).params[1].name === 'next')
}
