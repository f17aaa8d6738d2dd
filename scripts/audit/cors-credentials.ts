import { bare, isFunction, pathOf, propertyOf, stringOf, type Node } from './engine/ast.ts'
import type { Rule } from './engine/rule.ts'
import type { Source } from './engine/source.ts'

/** CORS that lets any site act with the cookies of a user. */
export const rule: Rule = {
  id: 'cors-credentials',
  summary: 'credentials allowed for a wildcard or reflected CORS origin',
  severity: 'error',
  why: 'Browsers refuse the wildcard with credentials, and a reflected origin lets every site read what the signed-in user may read.',
  fix: 'List the origins, and return the request origin only when it is one of them.',
  operation: 'behaviour change',
  reference: 'hono-migration.md#traps',
  mentions: /credentials|Allow-Credentials/i,
  check(source, report) {
    for (const call of source.calls) {
      const name = pathOf(call.callee)
      if (!name || !/^(?:cors|fastifyCors)$/.test(name)) continue
      const options: any = optionsOf(source, call.arguments[0], call)
      const credentials: any = options && propertyOf(options, 'credentials')
      if (!credentials || bare(credentials).type !== 'BooleanLiteral' || !(bare(credentials) as any).value) continue
      const origin = propertyOf(options, 'origin')
      if (!origin) {
        if (!options.properties.some((entry: any) => entry.type === 'SpreadElement') && source.imports.get(name)?.from === 'hono/cors') {
          report(call, 'credentials with the default origin "*": browsers refuse the answer; list the origins')
        }
        continue
      }
      const how = opens(source, origin)
      if (how) report(origin, `credentials with ${how}; list the origins and return only those`)
    }
  },
}

function optionsOf(source: Source, given: any, at: Node): any {
  const node: any = given && bare(given)
  if (node?.type === 'Identifier') {
    const value = source.valueOf(node.name, at)
    return value && optionsOf(source, value, value)
  }
  return node?.type === 'ObjectExpression' ? node : undefined
}

/** How an origin setting lets any site in. */
function opens(source: Source, given: Node): string | undefined {
  const node: any = bare(given)
  if (stringOf(node) === '*') return 'the origin "*", which browsers refuse'
  if (node.type === 'BooleanLiteral' && node.value && source.imports.get('cors')?.from === 'cors') return 'origin: true, which reflects any origin'
  if (node.type === 'LogicalExpression') return stringOf(node.right) === '*' ? 'the origin "*" whenever the setting is missing' : undefined
  if (node.type === 'ArrayExpression') return node.elements.some((item: any) => stringOf(item) === '*') ? 'the origin "*" in the list' : undefined
  if (!isFunction(node)) return undefined
  const parameter = (node as any).params[0]?.name
  const body: any = node.body
  const result = body.type !== 'BlockStatement' ? bare(body) : body.body.length === 1 && body.body[0].type === 'ReturnStatement' ? bare(body.body[0].argument) : undefined
  const value: any = result?.type === 'LogicalExpression' ? bare(result.left) : result
  return parameter && value?.type === 'Identifier' && value.name === parameter ? 'an origin that reflects whatever is sent' : undefined
}
