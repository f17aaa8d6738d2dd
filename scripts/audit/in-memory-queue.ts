import { bare, functionAround, isFunction, isWithin, pathOf, within, type Call } from './engine/ast.ts'
import type { Rule } from './engine/rule.ts'
import { handlersOf, queriesOf, reachable, webhookHandlers } from './model/handlers.ts'

const queuePackages = /^(?:p-queue|fastq|better-queue|queue|async|p-limit)$/
const later = /^(?:setImmediate|queueMicrotask|setTimeout|process\.nextTick)$/

/** Work that lives in the memory of one process while somebody believes that it is accepted. */
export const rule: Rule = {
  id: 'in-memory-queue',
  summary: 'a queue in memory, or work after the answer, on the path of a request or webhook',
  severity: 'warning',
  why: 'What waits in memory dies with each deploy and crash, after the sender was told that it is done.',
  fix: 'Store the event or job in a table in the same transaction, answer, and let a worker claim rows with SKIP LOCKED; or accept the loss in a comment.',
  operation: 'behaviour change',
  reference: 'infrastructure.md#outbox-and-queues',
  mentions: /queue|Queue|fastq|setImmediate|setTimeout|nextTick|void |\.catch\(|\.push\(|waitUntil/,
  collect(source, add) {
    if (source.side === 'web') return
    const handlers = handlersOf(source)
    const webhooks = webhookHandlers(source)
    for (const call of source.calls) {
      const callee = pathOf(call.callee)
      if (!callee) continue
      const inside = handlers.some((fn) => isWithin(call, fn)) || webhooks.some(({ fn }) => reachable(source, fn).some((part) => isWithin(call, part)))
      if (!inside) continue
      const [object, method] = [callee.slice(0, callee.lastIndexOf('.')), callee.slice(callee.lastIndexOf('.') + 1)]
      if (/^(?:add|addAll|push|unshift)$/.test(method) && !object.includes('.') && object !== '') {
        const value: any = source.valueOf(object, call)
        const isShared = value && !functionAround(value)
        if (isShared && bare(value).type === 'ArrayExpression' && /queue|pending|jobs|backlog|buffer/i.test(object)) add(call, { kind: 'array', name: object, isWebhook: webhooks.length > 0 })
        else if (/queue/i.test(object)) add(call, { kind: 'queue', name: object, isWebhook: webhooks.length > 0 })
      }
    }
    for (const { fn, label } of webhooks) {
      const parts = reachable(source, fn, 2)
      if (queriesOf(source).some(({ verb, node }) => verb === 'insert' && parts.some((part) => isWithin(node, part)))) continue
      for (const call of within(fn, (node) => node.type === 'CallExpression') as Call[]) {
        if (isDetached(call) && functionAround(call) === fn) add(call, { kind: 'detached', name: label })
      }
    }
  },
  judge(candidates, project, report) {
    for (const { path, place, data: { kind, name, isWebhook } } of candidates) {
      if (kind === 'array') report(path, place, `"${name}" is an array in memory that a request fills; store the work in a table and claim it from there`, { severity: isWebhook ? 'error' : 'warning' })
      else if (kind === 'detached') report(path, place, `the webhook ${name} goes on after its answer without having stored the event; insert it first, then answer`, { severity: 'error' })
      else {
        const target = project.resolve(path, name)
        const root = target?.path && project.modules.get(target.path)?.roots[target.name]
        const made = root ? project.resolve(target.path!, root) : undefined
        if (!made?.package || !queuePackages.test(made.package)) continue
        report(path, place, `"${name}" (${made.package}) keeps its work in memory; store the ${isWebhook ? 'event' : 'job'} in a table before the answer`, { severity: isWebhook ? 'error' : 'warning' })
      }
    }
  },
}

/** Whether work is started that nobody waits for. */
function isDetached(call: Call): boolean {
  const path = pathOf(call.callee) ?? ''
  const parent: any = call.parent
  if (later.test(path) && isFunction(bare(call.arguments[0] as any))) return path !== 'setTimeout' || !within(call.arguments[0], (node) => node.type === 'CallExpression').every((node: any) => /resolve|abort/.test(pathOf(node.callee) ?? ''))
  if (parent?.type === 'UnaryExpression' && parent.operator === 'void') return /process|handle|sync|dispatch|run|work|deliver/i.test(path)
  return /\.catch$/.test(path) === false && parent?.type === 'MemberExpression' && parent.property.name === 'catch' &&
    parent.parent.parent?.type === 'ExpressionStatement' && /process|handle|sync|dispatch|run|work|deliver/i.test(path)
}
