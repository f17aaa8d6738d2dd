import assert from 'node:assert/strict'
import { cpSync, globSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineGrader } from '../../outcome/criterion.ts'
import { lastLines, run } from '../../outcome/process.ts'
import { linkModules } from '../../outcome/workspace.ts'

interface Checkout {
  folder: string
  bun(script: string, env?: Record<string, string>): Promise<{ code: number | null; output: string }>
  /** Text of all scripts in `apps/web/dist`. */
  bundle(): string
}

/** Work in a clean checkout of the result: no outputs, no cache. */
async function checkout<T>(result: string, work: (checkout: Checkout) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'checkout-'))
  try {
    const left = /\/(?:dist|\.turbo|\.git)(?:\/|$)|\/node_modules\/\.cache(?:\/|$)/
    cpSync(result, folder, { recursive: true, verbatimSymlinks: true, filter: (path) => !left.test(path.slice(result.length)) })
    linkModules(folder)
    return await work({
      folder,
      bun: (script, env = {}) => run(folder, ['bun', 'run', script], { TURBO_TELEMETRY_DISABLED: '1', ...env }, 140_000),
      bundle: () => globSync('apps/web/dist/**/*.js', { cwd: folder }).map((file) => readFileSync(join(folder, file), 'utf8')).join('\n'),
    })
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}

async function build({ bun, bundle }: Checkout, env: Record<string, string> = {}): Promise<string> {
  const { code, output } = await bun('build', env)
  assert.equal(code, 0, `bun run build fails: ${lastLines(output)}`)
  assert.match(bundle(), /Mentorado/, 'after the build apps/web/dist holds no bundle of the web app')
  return output
}

interface Package {
  folder: string
  name: string
  /** Other packages of the repository that its manifest names. */
  declared: string[]
  /** Other packages of the repository that its sources import. */
  imported: string[]
}

function packagesOf(folder: string): Package[] {
  const { workspaces } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  const patterns: string[] = Array.isArray(workspaces) ? workspaces : workspaces.packages
  const manifests = patterns.flatMap((pattern) => globSync(join(pattern, 'package.json'), { cwd: folder })).map((file) => {
    const path = join(folder, file, '..')
    return { path, manifest: JSON.parse(readFileSync(join(path, 'package.json'), 'utf8')) }
  })
  const names = manifests.map(({ manifest }) => manifest.name as string)
  return manifests.map(({ path, manifest }) => {
    const { name, dependencies, devDependencies, peerDependencies } = manifest
    const keys = Object.keys({ ...dependencies, ...devDependencies, ...peerDependencies })
    const sources = (readdirSync(path, { recursive: true }) as string[])
      .filter((file) => /\.tsx?$/.test(file) && !/(?:^|\/)(?:node_modules|dist)\//.test(file))
      .map((file) => readFileSync(join(path, file), 'utf8')).join('\n')
    const specifiers = [...sources.matchAll(/(?:from|import)\s*\(?\s*['"]([^'"]+)['"]/g)].map(([, specifier]) => specifier!)
    const among = (list: string[]) => names.filter((other) => other !== name && list.some((one) => one === other || one.startsWith(`${other}/`)))
    return { folder: path, name, declared: among(keys), imported: among(specifiers) }
  })
}

/** Names along a cycle of packages, if there is one. */
function cycle(packages: Package[], path: string[]): string[] | undefined {
  const { declared, imported } = packages.find(({ name }) => name === path.at(-1))!
  for (const next of new Set([...declared, ...imported])) {
    if (path.includes(next)) return [...path.slice(path.indexOf(next)), next]
    const found = cycle(packages, [...path, next])
    if (found) return found
  }
  return undefined
}

export default defineGrader([
  {
    id: 'builds',
    tier: 'basic',
    text: 'bun run build ends well in a clean checkout and leaves the bundles of web and API.',
    check: ({ folder }) => checkout(folder, async (repository) => {
      await build(repository)
      assert.notDeepEqual(globSync('apps/api/dist/**/*.js', { cwd: repository.folder }), [], 'apps/api/dist holds no bundle')
    }),
  },
  {
    id: 'tests-alone',
    tier: 'basic',
    text: 'bun run test passes in a clean checkout in which nothing was built, and runs the tests.',
    check: ({ folder }) => checkout(folder, async ({ bun }) => {
      const { code, output } = await bun('test')
      assert.equal(code, 0, `bun run test fails in a clean checkout: ${lastLines(output)}`)
      assert.match(output, /[1-9]\d* pass/, 'no test was run')
    }),
  },
  {
    id: 'check-strict',
    tier: 'basic',
    text: 'bun run check passes, and finds strict mistakes in web and API.',
    check: ({ folder }) => checkout(folder, async ({ folder: copy, bun }) => {
      const clean = await bun('check')
      assert.equal(clean.code, 0, `bun run check fails: ${lastLines(clean.output)}`)
      for (const app of ['api', 'web']) {
        const probe = join(copy, `apps/${app}/src/probe-${app}.ts`)
        writeFileSync(probe, 'export const text: string = null\n')
        const { output } = await bun('check')
        assert.match(output, new RegExp(`probe-${app}`), `null as a string passes the check of apps/${app}`)
        rmSync(probe)
      }
    }),
  },
  {
    id: 'client-typed',
    tier: 'expert',
    text: 'The web client knows the procedures: one that does not exist is an error.',
    check: ({ folder }) => checkout(folder, async ({ folder: copy, bun }) => {
      writeFileSync(join(copy, 'apps/web/src/probe.ts'), `import { api } from './api'\nvoid api.members.remove.query()\n`)
      const { code, output } = await bun('check')
      assert.ok(code !== 0 && /probe\.ts/.test(output), 'a procedure that does not exist passes the check of the web app')
    }),
  },
  {
    id: 'restores-outputs',
    tier: 'expert',
    text: 'A second build is served from the cache, and brings the bundles back where they were removed.',
    check: ({ folder }) => checkout(folder, async (repository) => {
      await build(repository)
      for (const dist of globSync('{apps,packages}/*/dist', { cwd: repository.folder }))
        rmSync(join(repository.folder, dist), { recursive: true })
      const output = await build(repository)
      assert.match(output, /FULL TURBO/, 'a second build of the same sources is not served from the cache')
    }),
  },
  {
    id: 'builds-per-environment',
    tier: 'expert',
    text: 'Another API_URL gives another bundle, not the one that is cached.',
    check: ({ folder }) => checkout(folder, async (repository) => {
      for (const url of ['https://one.studio.test', 'https://two.studio.test', 'https://one.studio.test']) {
        await build(repository, { API_URL: url })
        assert.ok(repository.bundle().includes(url), `the bundle built with API_URL=${url} calls another address`)
      }
    }),
  },
  {
    id: 'web-without-server',
    tier: 'expert',
    text: 'The public bundle holds nothing of the server.',
    check: ({ folder }) => checkout(folder, async (repository) => {
      await build(repository)
      assert.doesNotMatch(repository.bundle(), /postgres:\/\/|DATABASE_URL|initTRPC/, 'the public bundle holds server code')
    }),
  },
  {
    id: 'no-cycle',
    tier: 'expert',
    text: 'No packages depend on each other in a circle, by manifest or by import, and what is imported is declared.',
    async check({ folder }) {
      const packages = packagesOf(folder)
      const circle = packages.map(({ name }) => cycle(packages, [name])).find(Boolean)
      assert.equal(circle, undefined, `packages depend on each other in a circle: ${circle?.join(' → ')}`)
      for (const { name, declared, imported } of packages) {
        const missing = imported.filter((other) => !declared.includes(other))
        assert.deepEqual(missing, [], `${name} imports ${missing.join(', ')} without declaring it`)
      }
    },
  },
  {
    id: 'tests-see-changes',
    tier: 'expert',
    text: 'After a change in packages/shared the tests of the API run again, on the new code.',
    check: ({ folder }) => checkout(folder, async ({ folder: copy, bun }) => {
      const first = await bun('test')
      assert.equal(first.code, 0, `bun run test fails in a clean checkout: ${lastLines(first.output)}`)
      const files = globSync('packages/shared/**/*.ts', { cwd: copy, exclude: (path) => /node_modules|dist/.test(String(path)) })
      for (const file of files) {
        const text = readFileSync(join(copy, file), 'utf8')
        writeFileSync(join(copy, file), text.replaceAll("'mentor'", "'mestre'").replace('mentor:', 'mestre:'))
      }
      const { code } = await bun('test')
      assert.notEqual(code, 0, 'tests pass from the cache although the role that they use was renamed in packages/shared')
    }),
  },
])
