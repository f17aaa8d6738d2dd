import { ancestors, bare, isCall, isFunction, pathOf } from './engine/ast.ts'
import type { Rule } from './engine/rule.ts'
import { isDb } from './model/handlers.ts'
import type { Project } from './model/project.ts'

const drivers = /^drizzle-orm\/(?:neon-http|neon-serverless|node-postgres|postgres-js|pglite|bun-sql|bun-sqlite|better-sqlite3|libsql|vercel-postgres|pg-proxy|d1|planetscale-serverless|mysql2|xata-http|aws-data-api\/pg|tidb-serverless|durable-sqlite)(?:\/|$)/
const withoutTransactions = /^drizzle-orm\/(?:neon-http|d1)(?:\/|$)/

/** Interactive transactions on a driver that sends each statement by itself. */
export const rule: Rule = {
  id: 'transaction-on-http-driver',
  summary: 'db.transaction() on neon-http or D1, which have no interactive transactions',
  severity: 'error',
  why: 'neon-http throws "No transactions support" at the first call; nothing in the types says so.',
  fix: 'Use db.batch([...]) or one statement with a CTE, or a WebSocket or TCP driver for this path.',
  operation: 'behaviour change',
  reference: 'database-design.md#drivers-and-atomicity',
  mentions: /drizzle|\.transaction\(/,
  collect(source, add) {
    for (const { from, node, isType } of source.imports.values()) if (!isType && drivers.test(from)) add(node, { kind: 'driver', from })
    for (const call of source.calls) {
      const path = pathOf(call.callee)
      if (!path?.endsWith('.transaction') || !isFunction(bare(call.arguments[0] as any))) continue
      const object = path.slice(0, -'.transaction'.length)
      if (isDb(object) && !isInside(call)) add(call, { kind: 'transaction', object })
    }
  },
  judge(candidates, project, report) {
    const used = new Set(candidates.filter(({ data }) => data.kind === 'driver').map(({ data }) => data.from as string))
    const http = [...used].find((from) => withoutTransactions.test(from))
    if (!http) return
    const isOnly = [...used].every((from) => withoutTransactions.test(from))
    for (const { path, place, data } of candidates) {
      if (data.kind !== 'transaction') continue
      const driver = isOnly ? http : driverOf(project, path, data.object)
      if (driver && withoutTransactions.test(driver)) report(path, place, `${data.object} runs on ${driver}, which has no interactive transaction and throws; use batch() or another driver here`)
    }
  },
}

/** A savepoint inside another transaction. */
function isInside(call: any): boolean {
  return [...ancestors(call)].some((node) => isCall(node) && /\.transaction$/.test(pathOf(node.callee) ?? ''))
}

/** Driver package that an imported or local handle is made with. */
function driverOf(project: Project, path: string, name: string): string | undefined {
  const target = project.resolve(path, name)
  const root = target?.path ? project.modules.get(target.path)?.roots[target.name] : undefined
  return root ? project.resolve(target!.path!, root)?.package : undefined
}
