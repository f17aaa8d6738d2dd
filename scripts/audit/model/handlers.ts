import { bare, chainOf, isFunction, isWithin, pathOf, stringOf, within, type Call, type Fn, type Node } from '../engine/ast.ts'
import type { Source } from '../engine/source.ts'

export interface Route {
  method: string
  /** Path as written, without the base of the app it is mounted on. */
  path: string
  /** Name of the app it is registered on. */
  app: string
  /** Every argument after the path, functions of this file looked up. */
  handlers: Node[]
  node: Call
}

export interface Procedure {
  kind: 'query' | 'mutation' | 'subscription'
  /** Procedure that the chain begins with, such as `protectedProcedure`. */
  base: string
  steps: ReturnType<typeof chainOf>['steps']
  resolver: Fn
  node: Call
}

const methods = new Set(['get', 'post', 'put', 'patch', 'delete', 'all', 'on', 'use', 'options', 'openapi'])
const cachedRoutes = new WeakMap<Source, Route[]>()
const cachedProcedures = new WeakMap<Source, Procedure[]>()

/** Calls such as `app.post('/path', handler)` in files that use Hono (or Express, whose shape is the same). */
export function routesOf(source: Source): Route[] {
  const known = cachedRoutes.get(source)
  if (known) return known
  const routes = findRoutes(source)
  cachedRoutes.set(source, routes)
  return routes
}

function findRoutes(source: Source): Route[] {
  if (!/\b(?:hono|Hono|express|Router)\b/.test(source.text)) return []
  const usesHono = source.uses(/^(?:hono|@hono\/|express$)/)
  return source.calls.flatMap((node) => {
    const callee: any = bare(node.callee)
    if (!/MemberExpression$/.test(callee?.type ?? '') || !methods.has(callee.property.name)) return []
    const { rootPath, root, steps } = chainOf(node)
    const method: string = callee.property.name
    const args = node.arguments as Node[]
    let path = stringOf(args[0])
    let rest = args.slice(1)
    if (method === 'on') {
      path = stringOf(args[1]) ?? stringOf((bare(args[1]) as any)?.elements?.[0])
      rest = args.slice(2)
    }
    if (method === 'openapi') path = '/'
    if (path === undefined && method === 'use') { path = '*'; rest = args }
    if (path === undefined && method !== 'use') return []
    if (!/^[/*:]/.test(path!) || rest.length === 0) return []
    const app = rootPath ?? ((root as any).type === 'NewExpression' ? `new ${pathOf((root as any).callee)}` : '')
    if (app === '' || (!usesHono && !/app|router|api|hono|server|route/i.test(app))) return []
    if (steps.some(({ name }) => name === 'from' || name === 'select')) return []
    const handlers = rest.map((arg) => lookUp(source, arg))
    return [{ method, path: path!, app, handlers, node }]
  })
}

function lookUp(source: Source, given: Node): Node {
  const node = bare(given) as any
  const value = node.type === 'Identifier' ? source.valueOf(node.name, node) : undefined
  return value ? bare(value) : node
}

/** Calls such as `procedure.input(x).mutation(resolver)`. */
export function proceduresOf(source: Source): Procedure[] {
  const known = cachedProcedures.get(source)
  if (known) return known
  const found = source.calls.flatMap((node): Procedure[] => {
    const callee: any = bare(node.callee)
    const kind = callee?.property?.name
    if (!/^(?:query|mutation|subscription)$/.test(kind ?? '') || node.arguments.length !== 1) return []
    const resolver = lookUp(source, node.arguments[0] as Node)
    if (!isFunction(resolver)) return []
    const { rootPath, steps } = chainOf(node)
    if (!rootPath || !(/procedure/i.test(rootPath) || steps.some(({ name }) => /procedure|^input$|^output$/i.test(name)))) return []
    const named = steps.find(({ name, args }) => args === undefined && /procedure/i.test(name))
    return [{ kind, base: /procedure/i.test(rootPath) ? rootPath : named?.name ?? rootPath, steps, resolver, node }]
  })
  cachedProcedures.set(source, found)
  return found
}

/** Functions of this file that answer a request: route handlers and procedure resolvers. */
export function handlersOf(source: Source): Fn[] {
  const routes = routesOf(source).filter(({ method }) => method !== 'use').flatMap(({ handlers }) => handlers.filter(isFunction))
  return [...routes, ...proceduresOf(source).map(({ resolver }) => resolver)]
}

/** Whether `node` runs while a request of this file is answered. */
export function isInHandler(source: Source, node: Node): boolean {
  return handlersOf(source).some((fn) => isWithin(node, fn))
}

export interface WebhookHandler {
  /** Path or name, for messages. */
  label: string
  fn: Fn
  /** Other functions of the chain in front of it, such as a verifying middleware. */
  before: Node[]
  route: Route | undefined
}

const webhookWord = /web-?hooks?\b/i

/** Functions that take deliveries of other systems: routes with "webhook" in the path, or POST routes of a file named so. */
export function webhookHandlers(source: Source): WebhookHandler[] {
  const inNamedFile = webhookWord.test(source.path.split('/').slice(-3).join('/'))
  const fromRoutes = routesOf(source).flatMap((route): WebhookHandler[] => {
    if (!/^(?:post|all|on)$/.test(route.method)) return []
    if (!webhookWord.test(route.path) && !(inNamedFile && !route.path.includes(':'))) return []
    if (/^\/(?:api\/)?webhooks\/?$|webhooks\/:|\bwebhookEndpoints?\b/.test(route.path) && !inNamedFile) return []
    const fn = route.handlers.at(-1)
    if (!isFunction(fn)) return []
    return [{ label: route.path, fn, before: route.handlers.slice(0, -1), route }]
  })
  if (!inNamedFile || fromRoutes.length > 0) return fromRoutes
  return (source.all('FunctionDeclaration') as Fn[]).filter((fn: any) => fn.id?.name === 'POST' && fn.parent?.type === 'ExportNamedDeclaration')
    .map((fn) => ({ label: source.path, fn, before: [], route: undefined }))
}

/** Functions of this file that `fn` calls by name, and those that they call. */
export function reachable(source: Source, fn: Node, depth = 3): Node[] {
  const found = [fn]
  for (let index = 0, level = 0; index < found.length && level < depth; level++) {
    const end = found.length
    for (; index < end; index++) {
      for (const call of within(found[index], (node) => node.type === 'CallExpression') as Call[]) {
        const name = pathOf(call.callee)
        const value = name && !name.includes('.') ? source.valueOf(name, call) : undefined
        const target = value && bare(value)
        if (isFunction(target) && !found.includes(target)) found.push(target)
      }
    }
  }
  return found
}

export interface Query {
  verb: 'select' | 'insert' | 'update' | 'delete' | 'findMany' | 'findFirst'
  /** Path of names of the table: `leads`, `schema.leads`, or the relation of `db.query.leads`. */
  table: string | undefined
  /** Path of names of what it is called on: `db`, `ctx.db`, `tx`. */
  db: string
  steps: ReturnType<typeof chainOf>['steps']
  node: Call
}

const cachedQueries = new WeakMap<Source, Query[]>()

/** Every Drizzle query of a file, once, at the end of its chain. */
export function queriesOf(source: Source): Query[] {
  const known = cachedQueries.get(source)
  if (known) return known
  const found = /\.(?:select|selectDistinct|insert|update|delete|findMany|findFirst|from)\b/.test(source.text) ? findQueries(source) : []
  cachedQueries.set(source, found)
  return found
}

function findQueries(source: Source): Query[] {
  return source.calls.flatMap((node): Query[] => {
    const parent: any = node.parent
    if (/MemberExpression$/.test(parent?.type ?? '') && parent.object === node && !/^(?:then|catch|finally)$/.test(parent.property.name ?? '')) return []
    const { rootPath, root, steps } = chainOf(node)
    if (!rootPath && (root as any).type !== 'CallExpression') return []
    const [prefix, from] = splitRoot(rootPath ?? '', steps)
    const first = from[0]
    if (!first?.args) {
      const at = from.findIndex(({ name }) => name === 'findMany' || name === 'findFirst')
      const isRelational = at >= 2 && from[at - 2]!.name === 'query' && from[at]!.args
      return isRelational ? [{ verb: from[at]!.name as Query['verb'], table: from[at - 1]!.name, db: prefix, steps: from, node }] : []
    }
    switch (first.name) {
      case 'select': case 'selectDistinct': case 'selectDistinctOn': {
        const table = from.find(({ name, args }) => name === 'from' && args)
        return table ? [{ verb: 'select', table: pathOf(table.args![0]), db: prefix, steps: from, node }] : []
      }
      case 'insert': return from.some(({ name }) => name === 'values' || name === 'select') ? [{ verb: 'insert', table: pathOf(first.args[0]), db: prefix, steps: from, node }] : []
      case 'update': return from.some(({ name }) => name === 'set') ? [{ verb: 'update', table: pathOf(first.args[0]), db: prefix, steps: from, node }] : []
      case 'delete': return isDb(prefix) && first.args.length === 1 && pathOf(first.args[0]) ? [{ verb: 'delete', table: pathOf(first.args[0]), db: prefix, steps: from, node }] : []
      default: return []
    }
  })
}

const verbs = /^(?:select|selectDistinct|selectDistinctOn|insert|update|delete|query)$/

/** The chain from its verb on, and what stands before it. */
function splitRoot(rootPath: string, steps: Query['steps']): [string, Query['steps']] {
  const at = steps.findIndex(({ name }) => verbs.test(name))
  if (at === -1) return [rootPath, steps]
  const before = steps.slice(0, at).filter(({ args }) => args === undefined).map(({ name }) => name)
  return [[rootPath, ...before].filter(Boolean).join('.'), steps.slice(at)]
}

/** Whether a path of names ends like a Drizzle handle. */
export function isDb(path: string): boolean {
  return /(?:^|[._])(?:db|tx|trx|database|drizzle|orm|conn|connection)$|(?:Db|DB|Tx)$/i.test(path)
}

/** Arguments of the step `name` of a chain. */
export function argsOf(query: { steps: Query['steps'] }, name: string): Node[] | undefined {
  return query.steps.find((step) => step.name === name)?.args
}

/** Options object of `findMany` or `findFirst`. */
export function optionsOf(query: Query): Node | undefined {
  return query.steps.find(({ name }) => name === 'findMany' || name === 'findFirst')?.args?.[0]
}

/** Whether a query is handed to something else, as a subquery is. */
export function isSubquery({ node, steps }: Query): boolean {
  const parent: any = node.parent
  if (steps.some(({ name }) => name === 'as')) return true
  return /CallExpression$/.test(parent?.type ?? '') && parent.callee !== node && !/^(?:Promise\.\w+|c\.json|\w+\.push)$/.test(pathOf(parent.callee) ?? '')
}
