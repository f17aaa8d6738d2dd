import { bare, pathOf, type Call } from './engine/ast.ts'
import { isScript, type Source } from './engine/source.ts'
import type { Rule } from './engine/rule.ts'
import { isInHandler, proceduresOf, routesOf } from './model/handlers.ts'

const sdks = /^(?:stripe|openai|@anthropic-ai\/sdk|resend|@sendgrid\/mail|twilio|@aws-sdk\/client-[\w-]+|nodemailer|googleapis|axios|ky|got|@slack\/web-api|@octokit\/rest|octokit|postmark|mailgun\.js|replicate|@google\/genai|@google\/generative-ai|mercadopago)$/

/** Calls of an external API written into a route or procedure. */
export const rule: Rule = {
  id: 'client-in-router',
  summary: 'a call of an external API directly in a route handler or procedure',
  severity: 'warning',
  why: 'There it has no deadline, retry, circuit or test of its own, and each caller invents another one.',
  fix: 'Move it into an adapter per provider with a deadline, bounded retries and a parsed answer; the router calls a service.',
  operation: 'behaviour change',
  reference: 'infrastructure.md#providers-and-limits',
  mentions: /hono|Hono|rocedure|express/,
  collect(source, add) {
    if (source.side === 'web' || isScript(source.path)) return
    if (proceduresOf(source).length === 0 && routesOf(source).length === 0) return
    for (const call of source.calls) {
      const callee = pathOf(call.callee)
      if (!callee || !isInHandler(source, call)) continue
      if (callee === 'fetch' && !source.imports.has('fetch') && !forwards(call)) add(call, { kind: 'fetch' })
      else if (callee.includes('.') && !/\.(?:webhooks|constructEvent|constructEventAsync)\b/.test(callee)) add(call, { kind: 'member', root: callee.split('.')[0], callee, own: packageAt(source, callee.split('.')[0]!, call) })
      else if (source.imports.get(callee) && sdks.test(source.imports.get(callee)!.from)) add(call, { kind: 'sdk', sdk: source.imports.get(callee)!.from, callee })
    }
  },
  judge(candidates, project, report) {
    for (const { path, place, data } of candidates) {
      if (data.kind === 'fetch') report(path, place, 'fetch() in a handler; move the call into an adapter with a deadline and a parsed answer')
      else {
        const sdk = data.sdk ?? data.own ?? sdkOf(project, path, data.root)
        if (sdk) report(path, place, `${data.callee}() calls ${sdk} in a handler; move the call into an adapter with a deadline and a parsed answer`)
      }
    }
  },
}

type ProjectOf = Parameters<NonNullable<Rule['judge']>>[1]

/** The SDK that an imported client is made with. */
function sdkOf(project: ProjectOf, path: string, name: string): string | undefined {
  const target = project.resolve(path, name)
  if (!target) return undefined
  if (target.package) return sdks.test(target.package) && target.package !== 'nodemailer' ? target.package : undefined
  const root = project.modules.get(target.path!)?.roots[target.name]
  const made = root ? project.resolve(target.path!, root.split('.')[0]!) : undefined
  return made?.package && sdks.test(made.package) ? made.package : undefined
}

/** The SDK that a constant of this file is made with, also inside the handler. */
function packageAt(source: Source, name: string, at: Call): string | undefined {
  const value: any = source.valueOf(name, at)
  const made = value && bare(value)
  if (made?.type !== 'NewExpression') return undefined
  const from = source.imports.get(pathOf(made.callee)?.split('.')[0] ?? '')?.from
  return from && sdks.test(from) ? from : undefined
}

/** Whether a request is passed on as it is: then this is a proxy. */
function forwards(call: Call): boolean {
  return call.arguments.some((arg) => /(?:req|request)(?:\.raw)?$/i.test(pathOf(arg) ?? ''))
}
