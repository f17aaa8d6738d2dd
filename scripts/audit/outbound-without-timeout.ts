import { ancestors, bare, hasSpread, isCall, pathOf, propertyOf, stringOf, type Call, type Node } from './engine/ast.ts'
import { isScript, type Source } from './engine/source.ts'
import type { Rule } from './engine/rule.ts'

/** Requests to other systems that may wait for ever. */
export const rule: Rule = {
  id: 'outbound-without-timeout',
  summary: 'fetch or axios without a deadline in server code',
  severity: 'error',
  why: 'fetch waits without end; one slow provider holds every request that needs it until the process has no more.',
  fix: 'Pass signal: AbortSignal.timeout(ms), joined with the signal of the request; put a circuit around the provider.',
  operation: 'behaviour change',
  reference: 'operational-guardrails.md#timeout-budget',
  mentions: /\bfetch\s*\(|\baxios\b/,
  check(source, report) {
    if (source.side !== 'server' || isScript(source.path)) return
    const hasDefault = /axios\.defaults\.timeout/.test(source.text)
    for (const call of source.calls) {
      const callee = pathOf(call.callee)
      if (callee === 'fetch' || callee === 'globalThis.fetch') {
        if (callee === 'fetch' && isOwn(source, call)) continue
        if (lacksSignal(source, call) && isRemote(source, call) && !isRaced(call)) report(call, 'fetch() without signal waits for ever; pass signal: AbortSignal.timeout(ms)')
      } else if (callee && /^axios(?:\.(?:get|post|put|patch|delete|request|head|create))?$/.test(callee) && source.imports.get('axios')?.from === 'axios' && !hasDefault) {
        const at = callee === 'axios.create' || callee === 'axios' || callee === 'axios.request' ? 0 : /get|delete|head/.test(callee) ? 1 : 2
        const options: any = call.arguments[callee === 'axios' && call.arguments.length > 1 ? 1 : at]
        if (lacks(source, options, ['timeout', 'signal'], call)) report(call, `${callee}() without timeout waits for ever; pass timeout: ms`)
      }
    }
  },
}

/** Whether `fetch` means something of this file: an import of another name, a parameter, a variable. */
function isOwn(source: Source, call: Call): boolean {
  const imported = source.imports.get('fetch')
  if (imported) return !/^(?:undici|node-fetch|cross-fetch)$/.test(imported.from)
  if (source.valueOf('fetch', call)) return true
  return [...ancestors(call)].some((node: any) => node.params?.some((param: any) => param.name === 'fetch' || param.left?.name === 'fetch' ||
    param.properties?.some((entry: any) => entry.value?.name === 'fetch' || entry.value?.left?.name === 'fetch')))
}

function lacksSignal(source: Source, call: Call): boolean {
  const first: any = bare(call.arguments[0])
  if (!first || (first.type === 'NewExpression' && /Request$/.test(pathOf(first.callee) ?? '')) || /(?:req|request)(?:\.raw)?$/i.test(pathOf(first) ?? '')) return false
  // Only browsers send cookies by this option: such a call runs there.
  if (propertyOf(call.arguments[1], 'credentials')) return false
  return lacks(source, call.arguments[1], ['signal'], call)
}

/** Whether an options argument is known to name none of `keys`. */
function lacks(source: Source, given: any, keys: string[], at: Node): boolean {
  if (!given) return true
  let node: any = bare(given)
  if (node.type === 'Identifier') {
    if (source.text.includes(`${node.name}.signal`) || source.text.includes(`${node.name}.timeout`)) return false
    node = source.valueOf(node.name, at)
    node = node && bare(node)
  }
  if (node?.type !== 'ObjectExpression' || hasSpread(node)) return false
  return keys.every((key) => !propertyOf(node, key))
}

/** Relative addresses and data: are no network; a variable may be anything. */
function isRemote(source: Source, call: Call): boolean {
  const first: any = bare(call.arguments[0])
  if (first.type === 'NewExpression' && pathOf(first.arguments[1]) === 'import.meta.url') return false
  const text = stringOf(first) ?? (first.type === 'Identifier' ? stringOf(source.valueOf(first.name, call)) : undefined)
  if (text && /^https?:\/\/(?:localhost|127\.|0\.0\.0\.0|\[::1\])/.test(text)) return false
  return text === undefined || /^(?:https?:|\$\{\})/.test(text)
}

function isRaced(call: Call): boolean {
  return [...ancestors(call)].some((node) => isCall(node) && /Promise\.race$|[tT]imeout\w*$|Deadline$/.test(pathOf(node.callee) ?? ''))
}
