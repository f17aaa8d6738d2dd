import { bare, isCall, isFunction, pathOf, within, type Node } from './engine/ast.ts'
import type { Rule } from './engine/rule.ts'
import { proceduresOf } from './model/handlers.ts'

/** Streams that go on when nobody listens any more. */
export const rule: Rule = {
  id: 'sse-without-abort',
  summary: 'a stream that does not end when the client is gone',
  severity: 'error',
  why: 'Writes to a closed stream are swallowed: the loop, its timer and its listeners stay until the process ends.',
  fix: 'Loop while (!stream.aborted), free listeners in stream.onAbort, pass the signal to what is awaited.',
  operation: 'behaviour change',
  reference: 'hono-migration.md#sse',
  mentions: /streamSSE|stream(?:Text)?\(|subscription\(/,
  check(source, report) {
    for (const call of source.calls) {
      if (!/^(?:streamSSE|stream|streamText)$/.test(pathOf(call.callee) ?? '') || !source.uses(/^hono\/streaming$/)) continue
      const fn: any = bare(call.arguments[1])
      if (!isFunction(fn)) continue
      const text = source.text.slice(fn.start, fn.end)
      const kept = within(fn, isKept)[0]
      if (kept && !/\.off\(|removeListener|removeEventListener|unsubscribe|clearInterval|signal/.test(text)) {
        report(kept, 'this goes on after the client is gone; free it in stream.onAbort')
        continue
      }
      if (/abort|closed|signal/i.test(text)) continue
      const endless = within(fn, (node) => isEndless(node))[0]
      if (endless) report(endless, 'this goes on after the client is gone; check stream.aborted and free it in stream.onAbort')
    }
    for (const { kind, resolver } of proceduresOf(source)) {
      if (kind !== 'subscription' || /abort|signal/i.test(source.text.slice(resolver.start, resolver.end))) continue
      const endless = within(resolver, (node) => isEndless(node) || (node.type === 'ForOfStatement' && node.await && /^on$/.test(pathOf((bare(node.right) as any).callee) ?? '')))[0]
      if (endless) report(endless, 'this subscription goes on after the client is gone; pass the signal of its options to what it waits for')
    }
  },
}

/** A listener or interval whose handle is thrown away. */
function isKept(node: any): boolean {
  return isCall(node) && (node as any).parent?.type === 'ExpressionStatement' && /^setInterval$|^(?!stream\.)[\w.]+\.(?:on|addListener|addEventListener|subscribe)$/.test(pathOf((node as any).callee) ?? '')
}

function isEndless(node: Node): boolean {
  const test: any = (node as any).test
  return (node.type === 'WhileStatement' && test.type === 'BooleanLiteral' && test.value) || (node.type === 'ForStatement' && !test)
}
