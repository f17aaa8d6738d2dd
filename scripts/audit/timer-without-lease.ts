import { ancestors, bare, functionAround, isCall, isFunction, isWithin, pathOf, within, type Call } from './engine/ast.ts'
import { isScript, type Source } from './engine/source.ts'
import type { Rule } from './engine/rule.ts'
import { queriesOf } from './model/handlers.ts'

const cronPackages = /^(?:node-cron|cron|croner|node-schedule|toad-scheduler|bree|@elysiajs\/cron)$/
const lease = /lease|lock|claim|skipLocked|idempotency|dedup|jobId|advisory|job_?runs?|slot|singleton|leader|mutex|nx\b/i
const outward = /(?:send|mail|notify|charge|bill|renew|remind|digest|expire|report|import|export)/i
const anything = /(?:send|mail|notify|sync|charge|bill|renew|remind|digest|expire|delete|process|generate|report|import|export|refresh|update|create|insert|publish)/i

/** Jobs that run once per instance. */
export const rule: Rule = {
  id: 'timer-without-lease',
  summary: 'a timer or cron in the process as scheduler, without lease or unique run',
  severity: 'warning',
  why: 'Every instance runs it, a deploy skips it, and nobody can see whether the last one succeeded.',
  fix: 'Claim a unique (job, slot) row with a lease and a deadline, and catch up missed slots at start.',
  operation: 'behaviour change',
  reference: 'infrastructure.md#scheduler',
  mentions: /setInterval|cron|schedule/i,
  check(source, report) {
    if (source.side !== 'server' || isScript(source.path) || lease.test(source.text)) return
    for (const call of source.calls) {
      const how = schedulerOf(source, call)
      if (!how) continue
      const work = call.arguments.map((argument) => bare(argument as any)).find((argument) => isFunction(argument) || argument?.type === 'Identifier')
      if (!work || !hasEffect(source, work, call, how === 'setInterval' ? outward : anything)) continue
      report(call, `${how} runs on every instance and is lost with the process; claim a unique (job, slot) row first`)
    }
  },
}

function schedulerOf(source: Source, call: Call): string | undefined {
  const path = pathOf(call.callee) ?? ''
  if (path === 'Bun.cron') return 'Bun.cron'
  const from = source.imports.get(path.split('.')[0]!)?.from
  if (from && cronPackages.test(from) && /(?:^|\.)(?:schedule|scheduleJob|Cron|CronJob|from)$/.test(path)) return path
  if (path !== 'setInterval' || [...ancestors(call)].some((node) => isCall(node) && /stream|upgrade|Promise/i.test(pathOf(node.callee) ?? ''))) return undefined
  const around = functionAround(call)
  if (around && (around as any).params.some((param: any) => /^(?:stream|socket|ws|c|ctx|req|controller)$/.test(param.name ?? ''))) return undefined
  return 'setInterval'
}

/** Whether the work touches data or people: cleaning a map or sending a ping needs no lease. */
function hasEffect(source: Source, work: any, at: Call, effect: RegExp): boolean {
  const name = work.type === 'Identifier' ? work.name : ''
  const body = name ? source.valueOf(name, at) : work
  if (name && !body) return effect.test(name) && !/cache|metric|token|pool|health|gauge|memory/i.test(name)
  if (!body) return false
  if (queriesOf(source).some(({ node, verb }) => isWithin(node, body) && /insert|update|select|find|delete/.test(verb))) return true
  const text = source.text.slice(body.start, body.end)
  if (within(body, (node) => node.type === 'AwaitExpression' || (node.type === 'UnaryExpression' && node.operator === 'void')).length === 0 && (bare(body as any) as any).body?.type === 'BlockStatement') return false
  if (/cache|metric|gauge|memory|heartbeat|ping|Map\b|\.clear\(|buckets?|flush/i.test(text)) return false
  return within(body, (node) => isCall(node) && effect.test(pathOf(node.callee)?.split('.').at(-1) ?? '')).length > 0
}
