import { pathOf, within } from './engine/ast.ts'
import type { Rule } from './engine/rule.ts'
import { proceduresOf } from './model/handlers.ts'

/** Quiet streams that Bun cuts after ten seconds. */
export const rule: Rule = {
  id: 'sse-idle-timeout',
  summary: "a stream without heartbeat in a project on Bun's default idle limit of 10 s",
  severity: 'warning',
  why: 'Bun.serve closes a connection that was quiet for 10 seconds, so the stream breaks whenever there is nothing to say.',
  fix: 'Send a ping every few seconds (sse: { ping } in tRPC), or set idleTimeout, or server.timeout(request, 0) for this request.',
  operation: 'behaviour change',
  reference: 'hono-migration.md#sse',
  mentions: /streamSSE|subscription\(|idleTimeout|\.timeout\(|initTRPC|Bun\.serve|ping|heartbeat|keepAlive/i,
  collect(source, add) {
    if (source.side === 'web') return
    const text = source.text
    const first = source.all('Program')[0] ?? source.calls[0]
    if (first && /idleTimeout|server\.timeout\(|\bping\s*:\s*\{|heartbeat|keep-?alive|['"]ping['"]/i.test(text)) add(source.calls[0] ?? first, { kind: 'cure' })
    for (const call of source.calls) {
      if (pathOf(call.callee) === 'streamSSE') {
        const body = call.arguments[1]
        if (body && within(body, (node) => node.type === 'WhileStatement' || node.type === 'ForOfStatement' && node.await || node.type === 'NewExpression' && pathOf(node.callee) === 'Promise').length > 0) add(call, { kind: 'stream' })
      }
      if (pathOf(call.callee) === 'Bun.serve') add(call, { kind: 'bun' })
    }
    for (const { kind, node } of proceduresOf(source)) if (kind === 'subscription') add(node, { kind: 'stream' })
    if (/export default\b/.test(text) && /fetch:\s*\w+\.fetch|export default app\b/.test(text)) add(source.calls[0] ?? first!, { kind: 'default' })
  },
  judge(candidates, project, report) {
    const kinds = new Set(candidates.map(({ data }) => data.kind))
    const root = project.packages.find(({ folder }) => folder === '')
    const runsBun = kinds.has('bun') || (kinds.has('default') && project.packages.some(({ versions, scripts }) => '@types/bun' in versions || 'bun-types' in versions || Object.values(scripts).some((line) => /^bun (?:run )?(?:--\S+ )*\S+\.ts/.test(line))))
    if (!runsBun || kinds.has('cure') || !root) return
    for (const { path, place, data } of candidates) {
      if (data.kind === 'stream') report(path, place, 'this stream may be quiet for more than 10 s, after which Bun cuts it; send a ping or raise idleTimeout')
    }
  },
}
