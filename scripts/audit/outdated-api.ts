import { bare, chainOf, isCall, isFunction, pathOf, propertyOf, stringOf, type Node } from './engine/ast.ts'
import type { Severity } from '../core/finding.ts'
import type { Report, Rule } from './engine/rule.ts'
import type { Source } from './engine/source.ts'
import { placeAt } from './model/migrations.ts'
import { isAtLeast, lowestVersion } from './model/versions.ts'

interface GoneImport {
  from: RegExp
  /** Imported name; any when left out. */
  name?: string
  /** Package and version from which on it is so; always when left out. */
  since?: [string, number, number]
  below?: [string, number, number]
  /** What else must stand in the file. */
  when?: RegExp
  reason: string
  severity?: Severity
}

const imports: GoneImport[] = [
  { from: /^@hono\/clerk-auth$/, reason: '@hono/clerk-auth rests on an old @clerk/backend and accepts tokens that it should refuse; use @clerk/hono' },
  { from: /^@hono\/bun$/, severity: 'error', reason: 'there is no package @hono/bun; import from hono/bun' },
  { from: /^@trpc\/server\/adapters\/fetch$/, name: 'trpcServer', severity: 'error', reason: 'trpcServer is not exported here; it comes from @hono/trpc-server, or use fetchRequestHandler' },
  { from: /^hono\/express$/, severity: 'error', reason: 'hono/express does not exist; mount the Hono app beside Express, as the reference shows' },
  { from: /^@trpc\/server\/observable$/, name: 'observable', since: ['@trpc/server', 11, 0], when: /\.subscription\(/, reason: 'observable() subscriptions are deprecated and end with tRPC 12; write an async generator' },
  { from: /^@trpc\/server$/, name: 'experimental_standaloneMiddleware', since: ['@trpc/server', 11, 0], reason: 'experimental_standaloneMiddleware is deprecated; use .concat()' },
  { from: /^@trpc\/client$/, name: 'createTRPCProxyClient', since: ['@trpc/client', 11, 0], severity: 'info', reason: 'createTRPCProxyClient is the old name; use createTRPCClient' },
  { from: /^drizzle-orm$/, name: 'defineRelations', below: ['drizzle-orm', 1, 0], severity: 'error', reason: 'defineRelations exists from drizzle-orm 1.0 on; this version has relations()' },
  { from: /^drizzle-orm$/, name: 'relations', since: ['drizzle-orm', 1, 0], severity: 'error', reason: 'drizzle-orm 1.0 has no relations() at its root; use defineRelations()' },
]

/** API that the installed versions no longer have, ignore, or refuse. */
export const rule: Rule = {
  id: 'outdated-api',
  summary: 'API that the versions in package.json have dropped, ignore or refuse',
  severity: 'warning',
  why: 'It was right for an older major: now it throws, is ignored in silence, or is about to go.',
  fix: 'Use the present form; the documentation of the version that is installed decides.',
  operation: 'behaviour change',
  reference: 'debugging-matrix.md#type-and-build-errors',
  check(source, report) {
    for (const { from, name, isType, node } of source.imports.values()) {
      for (const gone of imports) {
        if (gone.from.test(from) && (!gone.name || gone.name === name) && !isType && applies(source, gone)) report(node, gone.reason, { severity: gone.severity ?? 'warning' })
      }
    }
    if (source.uses(/^@neondatabase\/serverless$/)) checkNeon(source, report)
    if (source.uses(/^zod(?:\/v4)?$/) && isAtLeast(versionIn(source, 'zod'), 4)) checkZod(source, report)
    for (const call of source.calls) {
      if (pathOf(call.callee) !== 'Bun.serve') continue
      const idle: any = propertyOf(call.arguments[0], 'idleTimeout')
      if (idle?.type === 'NumericLiteral' && idle.value > 255) report(idle, 'Bun.serve throws for an idleTimeout above 255; for long streams use server.timeout(request, 0)', { severity: 'error' })
    }
  },
  judge(_, project, report) {
    for (const { folder, scripts, versions } of project.packages) {
      if (!isAtLeast(lowestVersion(versions['drizzle-kit']), 0, 21)) continue
      const path = folder === '' ? 'package.json' : `${folder}/package.json`
      const text = project.others.find((file) => file.path === path)?.text ?? ''
      for (const [script, line] of Object.entries(scripts)) {
        const old = /drizzle-kit \w+:(?:pg|mysql|sqlite)/.exec(String(line))?.[0]
        const at = text.indexOf(`"${script}"`)
        if (old) report(path, placeAt(text, at, at + script.length + 2), `"${old}" is no command of this drizzle-kit; write ${old.replace(/:\w+$/, '')} and "dialect" in drizzle.config.ts`, { severity: 'error' })
      }
    }
  },
}

function versionIn(source: Source, name: string): [number, number] | undefined {
  return lowestVersion(source.package.versions[name])
}

function applies(source: Source, { since, below, when }: GoneImport): boolean {
  if (when && !when.test(source.text)) return false
  if (since) return isAtLeast(versionIn(source, since[0]), since[1], since[2])
  if (!below) return true
  const version = versionIn(source, below[0])
  return version !== undefined && !isAtLeast(version, below[1], below[2])
}

function checkNeon(source: Source, report: Report): void {
  if (!isAtLeast(versionIn(source, '@neondatabase/serverless'), 1)) return
  for (const node of source.all('AssignmentExpression') as any[]) {
    if (pathOf(node.left) === 'neonConfig.fetchConnectionCache') report(node, 'fetchConnectionCache does nothing but warn since version 1; delete the line')
  }
  const isNeon = (name: string, at: Node) => {
    const value: any = source.valueOf(name, at)
    return value && isCall(bare(value)) && pathOf((bare(value) as any).callee) === 'neon'
  }
  for (const call of source.calls) {
    const path = pathOf(call.callee)
    const [name, method] = path?.split('.') ?? []
    if (!name || !isNeon(name, call)) continue
    if (path === name && stringOf(call.arguments[0]) !== undefined) report(call, `${name}(text) throws since version 1; use a tagged template or ${name}.query(text, values)`, { severity: 'error' })
    const [first] = call.arguments.map((argument) => bare(argument as any)) as any[]
    if (method === 'transaction' && isFunction(first) && (first as any).async) report(call, `${name}.transaction() takes a list of queries, not an async function, and throws`, { severity: 'error' })
  }
}

function checkZod(source: Source, report: Report): void {
  if (source.imports.get('z')?.from === 'zod/v3') return
  for (const node of source.all('ObjectProperty') as any[]) {
    const name = node.key.name
    if (!/^(?:required_error|invalid_type_error|errorMap)$/.test(name ?? '')) continue
    const call = node.parent?.parent
    if (isCall(call) && chainOf(call).rootPath === 'z') report(node, `Zod 4 ignores ${name}; write error: instead`)
  }
}
