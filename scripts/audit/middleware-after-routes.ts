import { bare, functionAround, isCall, isFunction, pathOf, within } from './engine/ast.ts'
import type { Rule } from './engine/rule.ts'
import { routesOf, type Route } from './model/handlers.ts'

const guards = /auth|clerk|session|cors|csrf|secureHeaders|rateLimit|limiter|bodyLimit|protect|require|admin|guard|verify|jwt|bearer|apiKey|tenant/i

/** Middleware that comes too late for what it should guard. */
export const rule: Rule = {
  id: 'middleware-after-routes',
  summary: 'a guard registered after routes that it should cover',
  severity: 'error',
  why: 'Hono runs handlers in the order of registration: a route that answers never reaches middleware that was registered later.',
  fix: 'Register middleware before the routes, in the order of the reference.',
  operation: 'behaviour change',
  reference: 'request-lifecycle.md#middleware-order',
  mentions: /\.use\(/,
  check(source, report) {
    if (!source.uses(/^(?:hono$|hono\/|@hono\/)/)) return
    const routes = routesOf(source)
    for (const guard of routes.filter(({ method }) => method === 'use')) {
      const name = guard.handlers.map(nameOf).find((candidate) => candidate && guards.test(candidate))
      if (!name || isTail(guard)) continue
      const late = routes.find((route) => isAnswering(route) && route.app === guard.app && route.node.end < guard.node.end && place(route) < place(guard) &&
        functionAround(route.node) === functionAround(guard.node) && covers(guard.path, route.path) && !isPublic(route.path))
      const isLast = !routes.some((route) => isAnswering(route) && route.app === guard.app && place(route) > place(guard) && mayCover(guard.path, route.path))
      if (late && isLast) report(guard.node, `${name} is registered after ${late.method.toUpperCase()} ${late.path}, which it therefore never sees; move it in front`)
    }
  },
}

function place({ node }: Route): number {
  return (bare(node.callee) as any).property.start
}

/** Routes and mounts answer; other middleware does not. */
function isAnswering({ method }: Route): boolean {
  return method !== 'use'
}

function nameOf(node: any): string | undefined {
  if (isFunction(node)) {
    const call = within(node, (child) => isCall(child) && guards.test(pathOf(child.callee) ?? ''))[0] as any
    return call && pathOf(call.callee)
  }
  return isCall(node) ? pathOf(node.callee) : pathOf(node)
}

/** Middleware with a static file handler or a fallback belongs to the end. */
function isTail({ handlers }: Route): boolean {
  return handlers.some((handler) => /serveStatic|notFound|fallback/.test(nameOf(handler) ?? ''))
}

function isPublic(path: string): boolean {
  return /^\/?(?:health\w*|ready\w*|live\w*|ping|status|metrics|version|favicon\.ico|robots\.txt|openapi[\w.]*|docs?|doc|ui|reference|swagger|webhooks?(?:\/.*)?|api\/(?:health|auth\/.*|webhooks?\/.*)|auth\/.*|)\/?$|\/(?:health\w*|webhooks?\/.*|auth\/\*{1,2}|login|signup|register)$/.test(path)
}

/** A guard between public and guarded routes is in its place. */
function mayCover(pattern: string, path: string): boolean {
  return covers(pattern, path) || pattern.startsWith(path.replace(/\/?[*:].*$/, ''))
}

function covers(pattern: string, path: string): boolean {
  if (pattern === '*' || pattern === '/*') return true
  const prefix = pattern.replace(/\/?\*.*$/, '')
  return pattern.includes('*') ? path === prefix || path.startsWith(`${prefix}/`) : path === pattern
}
