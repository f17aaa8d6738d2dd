import { bare, functionAround, isCall, isFunction, isWithin, pathOf, within } from './engine/ast.ts'
import type { Rule } from './engine/rule.ts'
import { queriesOf, reachable, webhookHandlers } from './model/handlers.ts'

const inbox = /event|webhook|inbox|deliver|received|raw_?payload|idempoten|processed/i
const storing = /(?:store|persist|record|enqueue|insert|inbox|claim|receive|ingest|accept|publish|dedup|idempoten|alreadyProcessed|markProcessed|send(?:Event|Message)|queue)/i

/** Webhooks that do their work while the sender waits, and remember nothing. */
export const rule: Rule = {
  id: 'webhook-work-before-store',
  summary: 'a webhook that writes business data without first storing the event',
  severity: 'warning',
  why: 'A crash or time-out half-way loses the event or runs it twice: there is no row to claim, retry or recognise.',
  fix: 'Insert the event with its id under a unique constraint, answer 2xx, and process the row afterwards with bounded retries.',
  operation: 'behaviour change',
  reference: 'infrastructure.md#webhook-inbox',
  mentions: /web-?hook/i,
  check(source, report) {
    for (const { fn, label, route } of webhookHandlers(source)) {
      const parts = reachable(source, fn)
      const inside = queriesOf(source).filter(({ node }) => parts.some((part) => isWithin(node, part)))
      const writes = inside.filter(({ verb }) => /^(?:insert|update|delete)$/.test(verb))
      if (writes.length === 0 || writes.some(({ verb, table }) => verb === 'insert' && inbox.test(table ?? ''))) continue
      const calls = parts.flatMap((part) => within(part, isCall))
      if (calls.some((call: any) => storing.test(pathOf(call.callee)?.split('.').at(-1) ?? (bare(call.callee) as any).property?.name ?? '') && !isQueryStep(call))) continue
      if (!isFunction(functionAround(writes[0]!.node))) continue
      report(route?.node ?? fn, `the webhook ${label} writes ${writes.map(({ table }) => `"${table}"`).filter((name, index, all) => all.indexOf(name) === index).join(', ')} without storing the event first; insert it under a unique key, answer, then work`)
    }
  },
}

function isQueryStep(call: any): boolean {
  return /^(?:insert|update|delete|select)$/.test((bare(call.callee) as any).property?.name ?? '')
}
