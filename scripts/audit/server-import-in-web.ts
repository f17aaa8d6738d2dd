import { ancestors } from './engine/ast.ts'
import type { Rule } from './engine/rule.ts'
import type { Project } from './model/project.ts'

const serverOnly = /^(?:drizzle-orm\/(?!zod)[\w-]+|hono(?:\/(?!client)[\w-]+)?|@trpc\/server(?:\/(?!shared|observable|unstable-core)[\w-/]+)?|pg|postgres|ioredis|bullmq|@neondatabase\/serverless|@clerk\/backend|stripe|node:(?:fs|net|child_process|http|https|tls|cluster|worker_threads)(?:\/\w+)?)$/
const fullStack = ['electron', 'ink', 'next', '@remix-run/node', '@remix-run/react', '@react-router/node', '@react-router/dev', '@tanstack/react-start', '@tanstack/start', 'astro', '@sveltejs/kit', 'nuxt', 'waku', '@solidjs/start', '@redwoodjs/core', 'rwsdk', 'vike', 'blitz', 'expo-router', 'vinxi']

/** Server code that a bundler puts into the browser. */
export const rule: Rule = {
  id: 'server-import-in-web',
  summary: 'a web file that imports server code at run time',
  severity: 'error',
  why: 'The bundle takes in the database schema, drivers and secrets of the server, or breaks on the first node: module.',
  fix: 'Use import type for the router type; move what both sides run into a shared package without server imports.',
  operation: 'behaviour change',
  reference: 'turborepo-migration.md#epic-4-frontend',
  mentions: /\bimport\b/,
  collect(source, add) {
    const { versions } = source.package
    const isBundled = /\.[jt]sx$/.test(source.path) || ['vite', 'webpack', 'react-scripts', 'parcel', '@rsbuild/core', '@rspack/core'].some((name) => name in versions)
    if (source.side !== 'web' || !isBundled || fullStack.some((name) => name in versions) || source.uses(serverOnly)) return
    const used = new Set<string>()
    for (const node of [...source.all('Identifier'), ...source.all('JSXIdentifier')] as any[]) {
      if (!source.imports.has(node.name) || used.has(node.name)) continue
      if (![...ancestors(node)].some(({ type }) => /^(?:ImportDeclaration|TSTypeReference|TSTypeQuery|TSTypeAnnotation|TSTypeParameterInstantiation|TSQualifiedName|TSTypeAliasDeclaration|TSInterfaceDeclaration|TSExpressionWithTypeArguments)$/.test(type))) used.add(node.name)
    }
    for (const [local, { from, isType, node }] of source.imports) if (!isType && used.has(local)) add(node, { from, local })
  },
  judge(candidates, project, report) {
    const told = new Set<string>()
    for (const { path, place, data: { from, local } } of candidates) {
      const file = project.fileOf(path, from)
      const chain = file && project.modules.get(file)?.side !== 'web' ? serverChain(project, path, local, file) : undefined
      if (!chain || told.has(`${path}\0${from}`)) continue
      told.add(`${path}\0${from}`)
      report(path, place, `"${from}" brings ${chain} into the browser; use import type, or move the value into a shared package`)
    }
  },
}

/** The server package that a module imports at run time. */
function serverChain(project: Project, path: string, local: string, file: string): string | undefined {
  const target = project.resolve(path, local)
  const module = project.modules.get(target?.path ?? file)
  return module?.imports.find(({ from, isType }) => !isType && serverOnly.test(from))?.from
}

