import { ancestors, bare, isCall, isFunction, isWithin, pathOf, propertyOf, within, type Node } from './engine/ast.ts'
import type { Rule } from './engine/rule.ts'
import type { Source } from './engine/source.ts'
import { handlersOf, routesOf } from './model/handlers.ts'

/** Texts of internal errors that clients get to read. */
export const rule: Rule = {
  id: 'error-details-leak',
  summary: 'the message, stack or cause of an error sent to the client',
  severity: 'warning',
  why: 'A DrizzleQueryError carries the SQL and its parameter values; stacks carry paths and versions.',
  fix: 'Log the error with the request id; send a fixed text, the code and the id.',
  operation: 'behaviour change',
  reference: 'api-patterns.md#error-codes',
  mentions: /\.message|\.stack|TRPCError|String\(|onError/,
  check(source, report) {
    if (source.side === 'web') return
    const errors = caughtNames(source)
    const answers = handlersOf(source).length > 0 || routesOf(source).length > 0 || /\.onError\(/.test(source.text)
    if (!answers && !source.uses(/^(?:@trpc\/server|hono)/)) return
    for (const call of source.calls) {
      const callee = pathOf(call.callee) ?? ''
      if (!/^(?:c|ctx|context)\.(?:json|text|html|body)$|^(?:Response|NextResponse)\.json$/.test(callee)) continue
      for (const node of leaksIn(call.arguments[0] as Node, errors)) {
        const severity = isStack(node) ? 'error' : 'warning'
        report(node, `${pathOf(node) ?? 'the error'} goes to the client; log it and send a fixed text with the request id`, { severity })
      }
    }
    for (const node of source.all('NewExpression') as any[]) {
      if (pathOf(node.callee) !== 'TRPCError') continue
      const message = propertyOf(node.arguments[0], 'message')
      const code: any = propertyOf(node.arguments[0], 'code')
      if (message) for (const leak of leaksIn(message, errors)) report(leak, `${pathOf(leak) ?? 'the error'} becomes the message that the client reads; write a fixed text and pass the error as cause`)
      else if (propertyOf(node.arguments[0], 'cause') && code && !/INTERNAL_SERVER_ERROR/.test(source.text.slice(code.start, code.end))) {
        report(node, 'without a message of its own TRPCError sends that of the cause; write one')
      }
    }
  },
}

interface Caught {
  name: string
  scope: Node
}

/** Names of caught errors with the code in which they are known. */
function caughtNames(source: Source): Caught[] {
  const clauses = (source.all('CatchClause') as any[]).flatMap((node) => (node.param?.type === 'Identifier' ? [{ name: node.param.name, scope: node.body }] : []))
  const handlers = source.calls.flatMap((call): Caught[] => {
    if (!/\.(?:onError|catch)$/.test(pathOf(call.callee) ?? '') ) return []
    const fn: any = bare(call.arguments[0])
    return isFunction(fn) && (fn as any).params[0]?.type === 'Identifier' ? [{ name: (fn as any).params[0].name, scope: fn as Node }] : []
  })
  return [...clauses, ...handlers]
}

function leaksIn(given: Node | undefined, errors: Caught[]): Node[] {
  return within(given, (node) => {
    const path = pathOf(node)
    const owner = path?.split('.')[0]
    const caught = owner && errors.find(({ name, scope }) => name === owner && isWithin(node, scope))
    if (!caught || isChecked(node, owner)) return false
    if (/^\w+(?:\.cause)?\.(?:message|stack)$/.test(path)) return true
    return path === owner && isWhole(node)
  })
}

/** Whether the error as a whole becomes text: `String(error)`, a template, a property's value. */
function isWhole(node: any): boolean {
  const parent = node.parent
  return (isCall(parent) && pathOf(parent.callee) === 'String') || parent.type === 'TemplateLiteral' || (parent.type === 'ObjectProperty' && parent.value === node)
}

/** A known kind of error (`instanceof HTTPException`) has a text that was written for clients. */
function isChecked(node: Node, name: string): boolean {
  return [...ancestors(node)].some((up: any) => {
    const test = up.type === 'ConditionalExpression' || up.type === 'IfStatement' ? up.test : up.type === 'LogicalExpression' ? up.left : undefined
    return test && isWithin(node, up.consequent ?? up.right ?? up) && within(test, (part) =>
      (part.type === 'BinaryExpression' && part.operator === 'instanceof' && pathOf(part.left) === name && pathOf(part.right) !== 'Error') ||
      (isCall(part) && /^is(?!Error$)[A-Z]\w*$/.test(pathOf(part.callee) ?? '')) ||
      /NODE_ENV|isDev|isProd|DEBUG|development/.test(pathOf(part) ?? (part.value ?? '').toString())).length > 0
  })
}

function isStack(node: Node): boolean {
  return /\.stack$/.test(pathOf(node) ?? '')
}
