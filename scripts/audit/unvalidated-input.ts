import { bare, chainOf, isCall, isWithin, pathOf, within, type Node } from './engine/ast.ts'
import type { Rule } from './engine/rule.ts'
import { proceduresOf, routesOf, webhookHandlers } from './model/handlers.ts'

/** Input that reaches logic as it was sent. */
export const rule: Rule = {
  id: 'unvalidated-input',
  summary: 'a procedure or route whose input is any, a cast, or not parsed at all',
  severity: 'warning',
  why: 'A type is no check: whatever a client sends reaches queries and providers, and the types say that it cannot.',
  fix: 'Parse with a bounded Zod schema before any logic: .input(schema), zValidator, or schema.parse(await c.req.json()).',
  operation: 'behaviour change',
  reference: 'api-patterns.md#contracts-and-limits',
  mentions: /\.input\(|rocedure|\.req\.(?:json|parseBody)|getRawInput/,
  check(source, report) {
    if (source.side === 'web') return
    for (const { steps } of proceduresOf(source)) {
      for (const step of steps) {
        const argument: any = step.name === 'input' && step.args ? step.args[0] && bare(step.args[0]) : undefined
        const how = argument && accepts(argument)
        if (how) report(argument, `.input() ${how}; give it a bounded schema`, { severity: 'error' })
      }
    }
    const webhooks = webhookHandlers(source).map(({ fn }) => fn)
    for (const { handlers, method } of routesOf(source)) {
      const fn = handlers.at(-1)!
      if (method === 'use' || !/Function/.test(fn.type) || webhooks.includes(fn as any) || handlers.slice(0, -1).some((node) => isCall(node) && /valid/i.test(pathOf(node.callee) ?? ''))) continue
      for (const read of within(fn, (node) => isCall(node) && /\.req\.(?:json|parseBody)$/.test(pathOf(node.callee) ?? ''))) {
        const use = useOf(read, fn)
        if (use && !isParsed(use, fn)) report(read, 'the body is used as it was sent; parse it with a schema first')
      }
    }
  },
}

function accepts(node: any): string | undefined {
  if (isCall(node)) {
    const { rootPath, steps } = chainOf(node)
    const [first, ...rest] = steps
    if (rootPath === 'z' && rest.length === 0 && /^(?:any|unknown)$/.test(first!.name)) return `takes z.${first!.name}()`
    if (rootPath === 'z' && /^(?:custom)$/.test(first!.name) && first!.args?.length === 0) return 'takes z.custom() without a check'
  }
  if (/Function/.test(node.type) && node.params.length === 1 && node.body.type !== 'BlockStatement') {
    const body: any = bare(node.body)
    if (body.type === 'Identifier' && body.name === (node.params[0].name ?? node.params[0].left?.name)) return 'returns what it was given'
  }
  return undefined
}

/** The names that hold the body; undefined when it goes straight into another call. */
function useOf(read: Node, fn: Node): string[] | undefined {
  let node: any = read.parent
  while (node && /^(?:AwaitExpression|TSAsExpression|TSNonNullExpression|ParenthesizedExpression|TSTypeAssertion|LogicalExpression)$/.test(node.type)) node = node.parent
  if (isCall(node) && /\.catch$/.test(pathOf(node.callee) ?? (bare(node.callee) as any).property?.name ?? '')) return undefined
  if (node?.type !== 'VariableDeclarator' || !isWithin(node, fn)) return undefined
  if (node.id.type === 'Identifier') return [node.id.name]
  return node.id.type === 'ObjectPattern' ? node.id.properties.flatMap((entry: any) => entry.value?.name ?? entry.value?.left?.name ?? []) : undefined
}

/** Whether the function hands one of the names to something that checks, or to another function altogether. */
function isParsed(names: string[], fn: Node): boolean {
  const touches = (node: Node) => within(node, (child) => child.type === 'Identifier' && names.includes(child.name)).length > 0
  return within(fn, (node) => {
    if (isCall(node) || node.type === 'NewExpression') {
      const callee = pathOf(node.callee) ?? (bare(node.callee) as any).property?.name ?? ''
      return /pars|valid|assert|check|schema|decode|guard|ensure|is[A-Z]|create\w*|update\w*|handle\w*|Compile/i.test(callee) && node.arguments.some(touches)
    }
    return /^(?:UnaryExpression|BinaryExpression|IfStatement|ConditionalExpression)$/.test(node.type) && touches(node.type === 'IfStatement' || node.type === 'ConditionalExpression' ? node.test : node)
  }).length > 0
}

