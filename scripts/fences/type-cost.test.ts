import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { delimiter, dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fenceRunBy, root } from './documents.ts'
import { tscIn } from './tsc.ts'

const fence = fenceRunBy('references/typescript-patterns.md', 'type-cost')
const [instantiations, trace, reach] = fence.node.value.split('\n') as [string, string, string]
const shared = {
  target: 'esnext', module: 'esnext', moduleResolution: 'bundler', types: [], strict: true, skipLibCheck: true,
}
let folder: string

/** A web application that takes the router's type from the declarations of an API, as the reference sets them up. */
beforeAll(async () => {
  mkdirSync(join(root, '.cache'), { recursive: true })
  folder = mkdtempSync(join(root, '.cache/type-cost-'))
  const built = { composite: true, emitDeclarationOnly: true, outDir: 'dist/types', rootDir: 'src' }
  project('apps/api', built, { include: ['src'] }, `import { initTRPC } from '@trpc/server'
const t = initTRPC.create()
export const appRouter = t.router({ id: t.procedure.query(() => 1) })
export type AppRouter = typeof appRouter
`)
  const client = (path: string) => `import type { AppRouter } from '${path}'
export type Names = keyof AppRouter['_def']['record']
`
  project('apps/web', {}, { include: ['src'], references: [{ path: '../api' }] }, client('../../api/dist/types/router'))
  project('apps/leaky', {}, { include: ['src'] }, client('../../api/src/router'))
  expect(await tscIn(folder, ['-b', 'apps/web', '--pretty', 'false'])).toBe('')
}, 60_000)

afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('the first line counts instantiations, again and again', () => {
  const [first, second] = [countOf(instantiations), countOf(instantiations)]
  expect(first).toBeGreaterThan(0)
  expect(second).toBe(first)
}, 60_000)

test('a composite project that is built counts none', () => {
  expect(countOf(instantiations.replace('--composite false --declaration ', ''))).toBe(0)
}, 60_000)

test('the second line writes a trace', () => {
  expect(trace).toContain(' /tmp/trace')
  expect(shell(trace.replace('/tmp/trace', join(folder, 'trace'))).status).toBe(0)
  expect(readFileSync(join(folder, 'trace/trace.json'), 'utf8')).toContain('"name":"checkSourceFile"')
}, 60_000)

test('the third line counts the files of the API that web compiles', () => {
  expect(shell(reach).stdout).toBe('0\n')
  expect(Number(shell(reach.replace('apps/web', 'apps/leaky')).stdout)).toBeGreaterThan(0)
}, 60_000)

function countOf(line: string): number {
  const { status, stdout } = shell(line)
  expect(status).toBe(0)
  return Number(/^Instantiations:\s+(\d+)$/m.exec(stdout)?.[1])
}

function shell(line: string) {
  const env = { ...process.env, PATH: [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter) }
  const { status, stdout, error } = spawnSync('bash', ['--norc', '-c', line], { cwd: folder, encoding: 'utf8', env })
  if (error) throw error
  return { status, stdout }
}

function project(path: string, options: object, rest: object, source: string): void {
  const file = join(folder, path, 'src', path.endsWith('api') ? 'router.ts' : 'client.ts')
  mkdirSync(dirname(file), { recursive: true })
  writeFileSync(file, source)
  writeFileSync(join(folder, path, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...shared, ...options }, ...rest }))
}
