import { bare, functionAround, isCall, pathOf, propertyOf, stringOf, within, type Call, type Node } from './engine/ast.ts'
import { isScript, type Source } from './engine/source.ts'
import type { Rule } from './engine/rule.ts'

const store = /(?:^|\.)(?:\w*redis\w*|\w*cache\w*|kv|valkey|upstash)$/i
const writes = /^(?:set|setex|setEx|psetex|hset|hSet|put|mset)$/
const removals = /^(?:del|unlink|delete|hdel|hDel|getdel|getDel|clear|flush\w*|invalidate\w*|remove\w*|evict\w*|purge\w*)$/

/** Cache entries that nothing takes away when what they copy changes. */
export const rule: Rule = {
  id: 'cache-without-invalidation',
  summary: 'a cache write whose keys nothing in the project deletes',
  severity: 'warning',
  why: 'Readers see the old value until it expires, or for ever; a role that was taken away stays valid.',
  fix: 'Invalidate after commit on every instance, or drop the cache; a time to live only bounds the damage.',
  operation: 'behaviour change',
  reference: 'infrastructure.md#session-cache',
  mentions: /redis|cache|\bkv\b|valkey|upstash/i,
  collect(source, add) {
    if (source.side === 'web' || isScript(source.path)) return
    for (const call of source.calls) {
      const callee: any = bare(call.callee)
      const name: string = callee?.property?.name ?? ''
      const object = pathOf(callee?.object)
      if (!object || !store.test(object) || call.arguments.length === 0 && !/clear|flush/.test(name)) continue
      const family = call.arguments.length > 0 ? familyOf(source, call.arguments[0] as Node, call) : '*'
      if (removals.test(name)) add(call, { kind: 'removal', family: /^(?:clear|flush)/.test(name) || family === undefined ? '*' : family })
      else if (writes.test(name) && family && !isLock(call) && !isLocalMap(source, object, call)) add(call, { kind: 'write', family, expires: hasExpiry(name, call), object })
    }
  },
  judge(candidates, _, report) {
    const removed = new Set(candidates.filter(({ data }) => data.kind === 'removal').map(({ data }) => data.family))
    if (removed.has('*')) return
    const told = new Set<string>()
    for (const { path, place, data } of candidates) {
      if (data.kind !== 'write' || removed.has(data.family) || told.has(data.family)) continue
      told.add(data.family)
      const text = `${data.object} keeps "${data.family}…" and nothing in the project deletes such keys; invalidate them after commit`
      if (data.expires) report(path, place, `${text}, or say that stale values until they expire are fine`, { severity: 'info' })
      else report(path, place, `${text}, and set a time to live`)
    }
  },
}

/** What keys have in common: their text up to the first variable part, or the function that builds them. */
function familyOf(source: Source, given: Node, at: Call, depth = 0): string | undefined {
  const node: any = bare(given)
  const text = stringOf(node)
  if (text !== undefined) return text.split('${}')[0]!.split(':')[0]! || undefined
  if (isCall(node)) {
    const name = pathOf(node.callee)
    const value: any = name && depth < 3 ? source.valueOf(name, at) : undefined
    const body = value && (bare(value) as any).body
    const result = body?.type === 'BlockStatement' ? body.body.find((line: any) => line.type === 'ReturnStatement')?.argument : body
    return (result && familyOf(source, result, at, depth + 1)) ?? name?.split('.').at(-1)
  }
  if (node.type === 'Identifier' && depth < 3) {
    const value = source.valueOf(node.name, at)
    return value ? familyOf(source, value, at, depth + 1) : undefined
  }
  return undefined
}

/** `SET key value NX` takes a lock or remembers an event: it is no copy. */
function isLock(call: Call): boolean {
  return call.arguments.some((arg) => stringOf(arg)?.toUpperCase() === 'NX' || propertyOf(arg, 'nx') || propertyOf(arg, 'NX'))
}

function hasExpiry(name: string, call: Call): boolean {
  return /ex$/i.test(name) || call.arguments.length > 2 && call.arguments.slice(2).some((arg) =>
    /^(?:EX|PX|EXAT|PXAT)$/i.test(stringOf(arg) ?? '') || /(?:ttl|expir|seconds|ex$)/i.test(pathOf(arg) ?? '') || (arg as any).type === 'NumericLiteral' ||
    within(arg, (node) => node.type === 'ObjectProperty' && /^(?:ex|px|ttl|exat|expirationTtl|expiration|EX|PX)$/.test(node.key.name ?? '')).length > 0)
}

/** A map that lives no longer than the function around it. */
function isLocalMap(source: Source, object: string, at: Call): boolean {
  if (object.includes('.')) return /^(?:c|ctx|context)\./.test(object) && !/redis/i.test(object)
  const value = source.valueOf(object, at)
  return value !== undefined && ((bare(value) as any).type === 'NewExpression' && /^(?:LRUCache|WeakMap|Headers|URLSearchParams)$/.test(pathOf((bare(value) as any).callee) ?? '') || functionAround(value) !== undefined)
}
