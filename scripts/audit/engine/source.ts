import { parse } from '@babel/parser'
import { basename } from 'node:path'
import { indexTree, isFunction, isWithin, type Call, type Node } from './ast.ts'

export interface PackageInfo {
  /** Folder from the project's root; empty for the root itself. */
  folder: string
  name: string
  /** Versions as package.json states them, of dependencies of every kind. */
  versions: Record<string, string>
  scripts: Record<string, string>
  /** Names of packages that it needs at run time or to build. */
  dependencies: string[]
}

/** Where the code of a file runs. */
export type Side = 'server' | 'web' | 'unknown'

/** One parsed source file. Rules read it and keep nothing of it. */
export interface Source {
  path: string
  text: string
  package: PackageInfo
  side: Side
  /** Local name → where it comes from. */
  imports: Map<string, Import>
  /** Every node of one type, in the order of the text. */
  all(type: string): Node[]
  calls: Call[]
  /** The initialiser or function that `name` means at `at`, when this file declares it as a constant. */
  valueOf(name: string, at: Node): Node | undefined
  /** Whether the module imports from a package whose name matches. */
  uses(packages: RegExp): boolean
}

export interface Import {
  from: string
  /** Exported name; `default` or `*`. */
  name: string
  isType: boolean
  node: Node
}

/** The first syntax error that the parser could not step over, in one sentence. */
export class SyntaxProblem extends Error {
  line: number
  column: number
  constructor(message: string, line: number, column: number) {
    super(message)
    this.line = line
    this.column = column
  }
}

/** Parse one TypeScript or JavaScript file. Throws `SyntaxProblem`. */
export function parseSource(path: string, text: string, info: PackageInfo): Source {
  const program = parseProgram(path, text)
  const byType = indexTree(program)
  const all = (type: string): Node[] => byType.get(type) ?? []
  const imports = readImports(all('ImportDeclaration'))
  const declared = new Map<string, Node[]>()
  for (const node of [...all('VariableDeclarator'), ...all('FunctionDeclaration')] as any[]) {
    const name = node.id?.type === 'Identifier' ? node.id.name : undefined
    if (name) declared.set(name, [...(declared.get(name) ?? []), node])
  }
  return {
    path, text, package: info, imports, all,
    side: sideOf(path, text, info),
    calls: [...all('CallExpression'), ...all('OptionalCallExpression')] as Call[],
    valueOf(name, at) {
      const near = (declared.get(name) ?? []).filter((node) => isWithin(at, scopeOf(node)))
      const node: any = near.sort((a, b) => size(scopeOf(a)) - size(scopeOf(b)))[0]
      if (!node) return undefined
      return isFunction(node) ? node : node.parent.kind === 'const' ? node.init ?? undefined : undefined
    },
    uses: (packages) => [...imports.values()].some(({ from }) => packages.test(from)) ||
      all('ImportDeclaration').some((node: any) => packages.test(node.source.value)),
  }
}

function scopeOf(node: Node): Node {
  const skip = node.type === 'VariableDeclarator' ? node.parent!.parent! : node.parent!
  let scope: Node = skip
  while (scope.parent && !/^(?:BlockStatement|Program|StaticBlock|SwitchStatement|ForStatement|ForOfStatement|ForInStatement)$/.test(scope.type)) scope = scope.parent
  return scope
}

function size({ start, end }: Node): number {
  return end - start
}

function parseProgram(path: string, text: string): object {
  const isTyped = /\.[cm]?tsx?$/.test(path)
  const plugins: any[] = [...(isTyped ? ['typescript'] : ['flow']), ...(/x$|\.[cm]?js$/.test(path) ? ['jsx'] : []), 'decorators-legacy']
  try {
    const { program } = parse(text, {
      sourceType: 'unambiguous', plugins, errorRecovery: true, attachComment: false,
      allowReturnOutsideFunction: true, allowUndeclaredExports: true, createParenthesizedExpressions: false,
    })
    return program
  } catch (error: any) {
    if (!error.loc) throw error
    throw new SyntaxProblem(String(error.message).split('\n')[0]!.replace(/ \(\d+:\d+\)$/, '').replace(/\.$/, ''), error.loc.line, error.loc.column + 1)
  }
}

function readImports(declarations: Node[]): Map<string, Import> {
  const found = new Map<string, Import>()
  for (const node of declarations as any[]) {
    for (const part of node.specifiers) {
      const name = part.type === 'ImportDefaultSpecifier' ? 'default' : part.type === 'ImportNamespaceSpecifier' ? '*' : part.imported.name ?? part.imported.value
      found.set(part.local.name, { from: node.source.value, name, isType: node.importKind === 'type' || part.importKind === 'type', node })
    }
  }
  return found
}

const serverPackages = ['hono', '@trpc/server', 'drizzle-orm', 'express', 'fastify', 'elysia', '@hono/node-server', 'pg', '@neondatabase/serverless', 'postgres']
const webPackages = ['react', 'react-dom', 'vue', 'svelte', 'solid-js', 'preact', '@angular/core', 'expo', 'react-native']
const webFolder = /(?:^|\/)(?:client|web|webapp|frontend|components|hooks|pages|routes\.client|ui|mobile|public|assets|stores?)\//
const serverFolder = /(?:^|\/)(?:server|api|backend|routers?|trpc|webhooks?|services|workers?|jobs|cron|db)\//
const serverImport = /from\s*['"](?:hono(?:\/(?!client|jsx)[\w-]+)?|@trpc\/server(?:\/[\w-/]+)?|drizzle-orm(?:\/[\w-/]+)?|pg|ioredis|postgres|bullmq|node:http|express|stripe)['"]/

function sideOf(path: string, text: string, { versions }: PackageInfo): Side {
  const has = (names: string[]) => names.some((name) => name in versions)
  const server = has(serverPackages)
  // Programs on the machine of a user answer no requests of others.
  if (has(['electron', 'ink'])) return 'web'
  if (/^\s*['"]use client['"]/.test(text)) return 'web'
  if (/\.[jt]sx$/.test(path)) return server && !has(webPackages) ? 'server' : 'web'
  if (server && !has(webPackages)) return 'server'
  if (serverFolder.test(path) && server) return 'server'
  if (serverImport.test(text)) return 'server'
  if (webFolder.test(path) || has(webPackages)) return 'web'
  return 'unknown'
}

/** Tests, samples, type declarations and generated code: what never runs in production is not audited. */
export function isAside(path: string): boolean {
  return /(?:^|\/)(?:__tests__|__mocks__|__fixtures__|tests?|e2e|fixtures|mocks?|stories|benchmarks?)\//.test(path) ||
    /(?:\.|-|_)(?:test|spec|e2e|stories|bench|mock|fixture)s?\.[cm]?[jt]sx?$/.test(path) ||
    /\.d\.[cm]?ts$|\.gen\.[jt]s$|\.min\.[cm]?js$/.test(path) || /^(?:(?:vite|eslint|tailwind|postcss|playwright|next|tsup)\.config|(?:vitest|jest)[\w.-]*)\./.test(basename(path))
}

/** Commands that a person or CI runs by hand: seeds, migrations, tools. */
export function isScript(path: string): boolean {
  return /(?:^|\/)(?:scripts?|seeds?|seeders|tools?|bin|cli|codemods?)\//.test(path) || /(?:^|\/)(?:(?:seed|cli|codegen|examples?)[\w.-]*|dev)\.[cm]?[jt]s$/.test(path)
}
