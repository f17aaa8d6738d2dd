import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { fenceRunBy, root } from './documents.ts'
import { tscIn } from './tsc.ts'

const fence = fenceRunBy('references/typescript-patterns.md', 'large-router')
const modules = Array.from({ length: 20 }, (_, index) => `leads${index}`)
const anonymous = `import { router } from '../_core/trpc'
import { create } from './create'
import { list } from './list'
export const leadsRouter = router({ list, create })
`
const options = ['--pretty', 'false', '--singleThreaded']
let folder: string
beforeAll(() => {
  mkdirSync(join(root, '.cache'), { recursive: true })
  folder = mkdtempSync(join(root, '.cache/large-router-'))
})
afterAll(() => rmSync(folder, { recursive: true, force: true }))

test('a large router of unnamed ones has no declaration', async () => {
  const project = projectOf('anonymous', anonymous)
  expect(await tscIn(project, options)).toBe(
    'server/router.ts(22,14): error TS7056: The inferred type of this node exceeds the maximum length the compiler will serialize. An explicit type annotation is needed.\n',
  )
}, 60_000)

describe('the form of the fence', () => {
  test('is declared by name, in few bytes', async () => {
    const project = projectOf('named', fence.node.value)
    expect(await tscIn(project, options)).toBe('')
    expect(statSync(join(project, 'dist/server/router.d.ts')).size).toBeLessThan(20_000)
    expect(readFileSync(join(project, 'dist/server/router.d.ts'), 'utf8')).toContain('leads7: import("./leads7/router").Leads7Router')
  }, 60_000)

  test('leaves the types of the client as they were', async () => {
    const project = join(folder, 'client')
    write(join(project, 'client.ts'), `import type { inferRouterOutputs } from '@trpc/server'
import type { AppRouter } from '../named/dist/server/router'

type Created = inferRouterOutputs<AppRouter>['leads7']['create']
export const id: Created['${wide('leads7')}_0'] = 1
export const wrong: Created['${wide('leads7')}_0'] = 'one'
`)
    write(join(project, 'tsconfig.json'), config({ noEmit: true }, ['client.ts']))
    expect(await tscIn(project, options)).toBe("client.ts(6,14): error TS2322: Type 'string' is not assignable to type 'number'.\n")
  }, 60_000)
})

/** A long name: the limit is on characters, and short names would need thousands of procedures. */
const wide = (module: string) => `${module}_${'wide_'.repeat(90)}field`

/** An API of 20 modules of two wide procedures, each with a router as `form` writes it for one module. */
function projectOf(name: string, form: string): string {
  const project = join(folder, name)
  write(join(project, 'server/_core/trpc.ts'), `import { initTRPC } from '@trpc/server'
export const { procedure, router } = initTRPC.create()
`)
  for (const module of modules) {
    const fields = Array.from({ length: 100 }, (_, index) => `${wide(module)}_${index}: ${index}`).join(', ')
    for (const procedure of ['list', 'create'])
      write(join(project, `server/${module}/${procedure}.ts`), `import { procedure } from '../_core/trpc'
export const ${procedure} = procedure.query(() => ({ ${fields} }))
`)
    const named = form.replaceAll('leadsRouter', `${module}Router`).replaceAll('LeadsRouter', `L${module.slice(1)}Router`)
    write(join(project, `server/${module}/router.ts`), named)
  }
  const imports = modules.map((module) => `import { ${module}Router } from './${module}/router'\n`).join('')
  const routers = modules.map((module) => `${module}: ${module}Router`).join(', ')
  write(join(project, 'server/router.ts'), `${imports}import { router } from './_core/trpc'
export const appRouter = router({ ${routers} })
export type AppRouter = typeof appRouter
`)
  write(join(project, 'tsconfig.json'), config({ declaration: true, emitDeclarationOnly: true, outDir: 'dist', rootDir: '.' }, ['server']))
  return project
}

function config(options: object, include: string[]): string {
  const compilerOptions = {
    target: 'esnext', module: 'esnext', moduleResolution: 'bundler', types: [], strict: true, skipLibCheck: true, ...options,
  }
  return JSON.stringify({ compilerOptions, include })
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, text)
}
