import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { documentOf, fencesIn, guideDocuments, type PlacedFence } from './documents.ts'
import { startInstalled, type Server } from '../core/postgres.ts'
import { buildStages, type Stage } from './turborepo/dockerfile.ts'
import { fencesOfGuide, guideOf } from './turborepo/guide.ts'
import { newFolder, phaseOne, quickTests, removeFolder } from './turborepo/project.ts'
import { bash, execute, run, type Variables } from './turborepo/steps.ts'

const path = 'references/turborepo-migration.md'
const name = 'monorepo'
const document = guideDocuments().find((one) => one.path === path)!
const guide = guideOf(document)
const everything = 'bun run turbo run typecheck lint test build'
const debian15 = '/usr/lib/postgresql/15/bin'
const hasDebian15 = existsSync(join(debian15, 'pg_dump'))
const executed = new Set<string>()
const scratch = newFolder()
const repository = join(scratch, 'repository')
/** Generous: a build machine may be busy with other things. */
const minutes = 120_000
/** Words that only server code holds: a message, a column, a driver. */
const serverOnly = ['Read-only impersonation', 'mentorado_id', 'drizzle']
const cycle = {
  'packages/shared/package.json': (text: string) => text.replace('"zod": "catalog:"', '"zod": "catalog:", "@repo/api": "workspace:*"'),
}

beforeAll(async () => {
  await phaseOne(repository)
  await step(guide.checkpoint, { N: '0' })
}, 3 * minutes)
afterAll(() => removeFolder(scratch), minutes)

describe('the guide, on examples/neondash with a React client', () => {
  test('epic 1: four packages, one graph', async () => {
    const output = await epic(1)
    for (const workspace of ['apps/api', 'apps/web', 'packages/config', 'packages/shared'])
      expect(output).toContain(`@workspace:${workspace}`)
    expect(output).toContain('@repo/api#build')
  }, 2 * minutes)

  test('epic 2: shared and backend are green, no migration is due', async () => {
    const output = await epic(2)
    for (const task of ['typecheck', 'lint', 'test', 'build']) expect(output).toContain(`@repo/api:${task}: $`)
    expect(output).toContain(`across ${quickTests.length} files`)
    expect(output).toContain('No schema changes, nothing to migrate')
  }, 3 * minutes)

  if (hasDebian15) epic3()
  else {
    const notice = `epic 3 of the TurboRepo guide: NOT RUN, ${debian15}/pg_dump is missing`
    console.warn(notice)
    test.skip(notice)
  }

  test('epic 4: everything is green, then cached', async () => {
    expect(await epic(4)).toContain('no issues found')
    expect(await bash(everything, repository)).toMatchObject({ code: 0, output: expect.stringContaining('FULL TURBO') })
    await bash('rm -rf apps/*/dist packages/*/dist', repository)
    expect((await bash(everything, repository)).output).toContain('FULL TURBO')
    expect(await bash('git status --porcelain', repository)).toEqual({ code: 0, output: '' })
    expect(bundled()).toEqual([])
  }, 3 * minutes)

  test('what the cache key holds: the shared configuration, and declared variables', async () => {
    const cached = async (task: string, variables?: Variables) => {
      const { output } = await bash(`bun run turbo run ${task} --dry-run=json`, repository, variables)
      const { tasks } = JSON.parse(output.slice(output.indexOf('{'))) as { tasks: { cache: { status: string }; command: string }[] }
      return tasks.filter(({ command }) => command !== '<NONEXISTENT>').map(({ cache }) => cache.status).sort()
    }
    const tests = 'test --filter=@repo/api'
    expect(await cached(tests)).toEqual(['HIT', 'HIT'])
    expect(await cached(tests, { TEST_DATABASE_URL: 'postgres://other' })).toEqual(['HIT', 'MISS'])
    expect(await cached(tests, { UNDECLARED: 'other' })).toEqual(['HIT', 'HIT'])
    await changed({
      'packages/config/tsconfig.json': (text) => text.replace('"strict": true', '"strict": true, "allowJs": false'),
    }, async () => expect(await cached('typecheck')).toEqual(['MISS', 'MISS', 'MISS']))
  }, 2 * minutes)
})

describe('what the guide says goes wrong does', () => {
  test.each([
    ['a value import of the router does not build', 'bun run --cwd apps/web build', '"./router" is not exported under the conditions', {
      'apps/web/src/api.ts': (text: string) => `${text}import { appRouter } from '@repo/api/router'\nconsole.log(appRouter)\n`,
    }],
    ['a router type that decays to any', 'bun run --cwd apps/web typecheck', "TS2578: Unused '@ts-expect-error' directive", {
      'apps/api/dist/types/server/trpc/router.d.ts': () => 'export type AppRouter = any\n',
    }],
    ['a row that differs from its table', 'cd apps/api && bunx tsc -p .', 'error TS1360', {
      'packages/shared/src/schema.ts': (text: string) => text.replace('stage: z.string()', 'stage: z.number()'),
    }],
    ['shared depends on the API: turbo', everything, 'Cyclic dependency detected', cycle],
    ['shared depends on the API: boundaries', 'bun run turbo boundaries', 'Circular package dependency detected', cycle],
    ['pipeline instead of tasks', everything, 'Found `pipeline` field instead of `tasks`', {
      'turbo.json': (text: string) => text.replace('"tasks"', '"pipeline"'),
    }],
    ['a filter without the scope', 'bun run turbo run build --filter=web', "No package found with name 'web' in workspace", {}],
  ])('%s', (_, command, message, changes) => changed(changes, async () => {
    const { code, output } = await bash(command, repository)
    expect(code).not.toBe(0)
    expect(output).toContain(message)
  }), minutes)

  test('a run-time import of server code is found in the bundle, and by boundaries', () => changed({
    'apps/web/src/api.ts': (text) => `${text}import { leads } from '../../api/drizzle/schema'\nconsole.log(leads)\n`,
  }, async () => {
    expect(await bash('bun run --cwd apps/web build', repository)).toMatchObject({ code: 0 })
    expect(bundled()).toEqual(['mentorado_id', 'drizzle'])
    expect(await bash('bun run turbo boundaries', repository)).toMatchObject({ code: 1 })
  }), minutes)
})

describe('epic 5: the Dockerfile, in folders instead of containers', () => {
  let image: Stage
  test('prunes, installs with the frozen lockfile and builds', async () => {
    for (const fence of guide.epics[4]!) await step(fence)
    await step(guide.checkpoint, { N: '5' })
    await bash(`git clone --quiet . ${scratch}/context`, repository)
    const { output: bun } = await run(['bun', '--version'], repository)
    image = await buildStages(readFileSync(join(repository, 'Dockerfile'), 'utf8'), join(scratch, 'context'), scratch, bun.trim())
    expect(readdirSync(join(image.files, 'app')).sort()).toEqual(['drizzle', 'main.js'])
  }, 3 * minutes)

  test('the last stage starts without node_modules', async () => {
    const { code, output } = await run(image.command, join(image.files, image.workdir))
    expect({ code, output }).toMatchObject({ code: 1, output: expect.stringMatching(/^DATABASE_URL: /m) })
  }, minutes)
})

describe('the way back', () => {
  const green: Record<string, string> = {
    0: 'bun run check && test -d server', 1: 'bun pm ls && test -d apps/api/server',
    2: 'bun run turbo run typecheck --filter=@repo/api', 4: everything, 5: 'test -f Dockerfile',
  }
  test.each(Object.keys(green))('to checkpoint %s', async (N) => {
    await step(guide.wayBack, { N })
    expect(await bash(`git diff --exit-code mono-${N} && ${green[N]}`, repository)).toMatchObject({ code: 0 })
    const left = N === '0' ? '?? .turbo/\n?? apps/\n?? packages/\n' : ''
    expect((await bash('git status --porcelain', repository)).output).toBe(left)
  }, 2 * minutes)
})

describe('a wrong command in the guide fails here', () => {
  test.each([
    [1, 'a folder that does not exist', 'git mv server drizzle test', 'git mv server drizzles test', 'bad source'],
    [1, 'turbo 1', '"tasks": {', '"pipeline": {', 'Found `pipeline` field'],
    [2, 'a wrong import map', "\\/)+shared\\//, '@repo/shared/'", "\\/)+shared\\//, '@repo/common/'", "Cannot find module '@repo/common/"],
  ])('epic %i: %s', async (number, _, right, wrong, message) => {
    const text = document.text.replace(right, wrong)
    expect(text).not.toBe(document.text)
    const copy = join(newFolder(), 'repository')
    await bash(`git clone --quiet --branch mono-${number - 1} ${repository} ${copy}`, scratch)
    const follow = async () => {
      for (const fence of guideOf(documentOf(path, text)).epics[number - 1]!) await execute(fence, copy)
    }
    await expect(follow()).rejects.toThrow(message)
    removeFolder(join(copy, '..'))
  }, 2 * minutes)

  test('a Dockerfile that copies what is not there, or has another Bun', async () => {
    const [{ node: { value } }] = guide.epics[4]!.filter(({ lang }) => lang === 'dockerfile') as [PlacedFence]
    const last = (text: string) => buildStages(text, join(scratch, 'context'), scratch, '1.4.5')
    await expect(last(value.replace('COPY . .', 'COPY app .'))).rejects.toThrow(/^Dockerfile:3 copies .*app, which does not exist/)
    await expect(last(value.replace('bun:1.4.5', 'bun:1.1.8'))).rejects.toThrow('Dockerfile:1 oven/bun:1.1.8 has another Bun than 1.4.5')
    await expect(last(value.replace('--docker', '--dockers'))).rejects.toThrow(/^Dockerfile:4 ends with 1: .*--dockers/s)
  }, minutes)
})

test('every fence of the guide says run= and was executed', () => {
  const fences = fencesIn([document])
  const due = fences.filter(({ place }) => hasDebian15 || !guide.epics[2]!.some((fence) => fence.place === place))
  expect(fences.filter(({ attributes }) => attributes.run !== name).map(({ place }) => place)).toEqual([])
  expect(fencesOfGuide(guide)).toHaveLength(fences.length)
  expect(due.filter(({ place }) => !executed.has(place)).map(({ place }) => place)).toEqual([])
})

/** Epic 3 on two databases of one PostgreSQL 15, whose pg_dump Debian has. */
function epic3(): void {
  let server: Server
  let variables: Variables
  const sql = async (database: string, text: string) => {
    const client = await server.connect(database)
    return client.query(text).finally(() => client.end())
  }
  beforeAll(async () => {
    server = await startInstalled(debian15, 'select 1')
    variables = { OLD_DIRECT_URL: server.url('old'), NEW_DIRECT_URL: server.url('new'), PATH: `${debian15}:${process.env.PATH}` }
    for (const name of ['old', 'new']) await sql('postgres', `create database ${name}`)
  }, minutes)
  afterAll(() => server?.stop(), minutes)

  test('epic 3: the database moves whole', async () => {
    const migrate = (database: string) => bash('bun run --cwd apps/api db:migrate', repository, { DIRECT_DATABASE_URL: server.url(database) })
    expect(await migrate('old')).toMatchObject({ code: 0, output: expect.stringContaining('up\t0000_first') })
    await sql('old', "insert into users (clerk_id, email, role) values ('user_1', 'ana@example.com', 'mentor')")
    for (const fence of guide.epics[2]!) await step(fence, variables)
    expect(await migrate('new')).toMatchObject({ code: 0, output: expect.not.stringContaining('up\t') })
    const { rows } = await sql('new', "insert into users (clerk_id, email, role) values ('user_2', 'bia@example.com', 'mentor') returning id")
    expect(rows).toEqual([{ id: '2' }])
  }, 2 * minutes)

  test('epic 3: a lost row, and a dump without the journal of migrations, are noticed', async () => {
    const [dump] = guide.epics[2]!.filter(({ lang }) => lang === 'sh') as [PlacedFence]
    const [, , compare] = dump.node.value.split('\n') as [string, string, string]
    expect(await bash(compare, repository, variables)).toMatchObject({ code: 1 })
    await sql('postgres', 'create database public_only')
    const partial = dump.node.value.replace('pg_dump ', 'pg_dump --exclude-schema=drizzle ')
    const outcome = await bash(partial, repository, { ...variables, NEW_DIRECT_URL: server.url('public_only') })
    expect(outcome).toMatchObject({ code: 1, output: expect.stringContaining('drizzle') })
    await bash('rm -f neondash.dump', repository)
  }, minutes)
}

async function epic(number: number): Promise<string> {
  let output = ''
  for (const fence of guide.epics[number - 1]!) output += await step(fence)
  await step(guide.checkpoint, { N: String(number) })
  return output
}

async function step(fence: PlacedFence, variables?: Variables): Promise<string> {
  const output = await execute(fence, repository, variables)
  executed.add(fence.place)
  return output
}

/** Server words in what the browser loads. Throws when the bundle is not there. */
function bundled(): string[] {
  const folder = join(repository, 'apps/web/dist/assets')
  const code = readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')).join('\n')
  expect(code).toContain('createRoot')
  return serverOnly.filter((word) => code.includes(word))
}

/** Run `work` with files of the repository changed; afterwards they are as before. */
async function changed(changes: Record<string, (text: string) => string>, work: () => Promise<void>): Promise<void> {
  const files = Object.keys(changes).map((name) => join(repository, name))
  const before = files.map((file) => readFileSync(file, 'utf8'))
  try {
    for (const [index, change] of Object.values(changes).entries()) {
      const after = change(before[index]!)
      expect(after).not.toBe(before[index])
      writeFileSync(files[index]!, after)
    }
    await work()
  } finally {
    for (const [index, file] of files.entries()) writeFileSync(file, before[index]!)
  }
}
