import assert from 'node:assert/strict'
import { cpSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defineGrader } from '../../outcome/criterion.ts'
import { lastLines, run } from '../../outcome/process.ts'
import type { Rig } from '../../outcome/rig.ts'

/** Half of what the broken copy needs: 1,184,374 by TypeScript 7.0.2 in one thread; its server without the cause needs 264,868. */
const instantiationLimit = 590_000

const client = `import type { createApi } from './api'
export type Api = ReturnType<typeof createApi>
export declare const api: Api
export type Equal<A, B> = (<T>() => T extends A ? 1 : 2) extends <T>() => T extends B ? 1 : 2 ? true : false
export type IsAny<T> = 0 extends 1 & T ? true : false
export type Lead = Awaited<ReturnType<Api['leads']['list']['query']>>[number]
export type Found = Awaited<ReturnType<Api['leads']['search']['query']>>[number]
`
const created = (type: string) => `${client}export const same: Equal<Lead['createdAt'], ${type}> = true\n`

/** Files of the web app that must pass the check, and those in which it must find an error. */
const good = {
  outputs: `${client}export const known: [IsAny<Api>, IsAny<Lead>, IsAny<Lead['name']>] = [false, false, false]
export const name: Equal<Lead['name'], string> = true
export const me: Equal<Awaited<ReturnType<Api['me']['get']['query']>>['role'], 'mentorado' | 'admin'> = true\n`,
  inputs: `${client}void api.leads.search.query({}); void api.leads.search.query({ text: 'a', status: 'won', orderBy: 'name' })
void api.leads.create.mutate({ name: 'a', email: 'a@b.test' })
export const found: [IsAny<Found>, Equal<Found['email'], string>] = [false, true]\n`,
  string: created('string'),
  date: created('Date'),
}
const bad = {
  procedure: `${client}void api.leads.remove.query()\n`,
  field: `${client}export const f = (lead: Lead) => lead.internalNote\n`,
  create: `${client}void api.leads.create.mutate({ name: 1, email: 'a@b.test' })\n`,
  order: `${client}void api.leads.search.query({ orderBy: 'internalNote' })\n`,
  status: `${client}void api.leads.search.query({ status: 'nonsense' })\n`,
  strict: 'export const text: string = null\nexport const f = (value) => value\n',
  bun: 'export const version = Bun.version\n',
}
const sources = { ...good, ...bad }
type Probe = keyof typeof sources

async function onCopy<T>(folder: string, work: (copy: string) => Promise<T>): Promise<T> {
  const copy = mkdtempSync(join(tmpdir(), 'probe-'))
  try {
    cpSync(folder, copy, { recursive: true, verbatimSymlinks: true })
    return await work(copy)
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

const check = (folder: string) => run(folder, ['bun', 'run', 'check'], {}, 140_000)

const probed = new Map<string, Promise<Map<Probe, string[]>>>()

/** Errors that the check finds in each probe of the web app; all of them are checked in one run. */
function webProbes(folder: string): Promise<Map<Probe, string[]>> {
  const known = probed.get(folder)
  if (known) return known
  const found = onCopy(folder, async (copy) => {
    const names = Object.keys(sources) as Probe[]
    for (const name of names) writeFileSync(join(copy, `web/src/probe-${name}.ts`), sources[name])
    const { output } = await check(copy)
    return new Map(names.map((name) => [name, output.split('\n').filter((line) => line.includes(`probe-${name}.ts`))]))
  })
  probed.set(folder, found)
  return found
}

async function passes(folder: string, name: Probe, message: string): Promise<void> {
  const [error] = (await webProbes(folder)).get(name)!
  assert.equal(error, undefined, `${message}: ${error}`)
}

async function fails(folder: string, name: Probe, message: string): Promise<void> {
  assert.notDeepEqual((await webProbes(folder)).get(name), [], message)
}

/** Type instantiations of all projects in the folder. */
async function instantiations(folder: string): Promise<number> {
  const configs = ['.', 'web', 'server'].flatMap((sub) =>
    readdirSync(join(folder, sub)).filter((name) => /^tsconfig.*\.json$/.test(name)).map((name) => join(sub, name)))
  let sum = 0
  for (const config of configs) {
    const flags = ['--noEmit', '--composite', 'false', '--incremental', 'false', '--declaration', '--singleThreaded', '--extendedDiagnostics']
    const { output } = await run(folder, ['tsc', '-p', config, ...flags], {}, 140_000)
    sum += Number(/Instantiations:\s*(\d+)/.exec(output)?.[1] ?? 0)
  }
  assert.ok(sum > 0, 'tsc measures nothing in any tsconfig of the folder')
  return sum
}

async function twoLeads(rig: Rig) {
  const person = await rig.person()
  await rig.sql(`insert into leads (mentorado_id, name, email, status, created_at) values
    ($1, 'Zoe', 'a@clinic.test', 'won', now() - interval '3 days'), ($1, 'Ana', 'z@clinic.test', 'new', now())`, [person.mentoradoId])
  return { person, backend: await rig.start() }
}

export default defineGrader([
  {
    id: 'client-typed',
    tier: 'basic',
    text: 'The client knows what procedures exist and what they answer; nothing of it is any.',
    async check({ folder }) {
      await passes(folder, 'outputs', 'answers are not typed in the web app')
      await fails(folder, 'procedure', 'a procedure that does not exist passes the check')
      await fails(folder, 'field', 'a field that no answer has passes the check')
    },
  },
  {
    id: 'check-cheap',
    tier: 'basic',
    text: 'bun run check passes, with at most half the type instantiations of before.',
    check: ({ folder }) => onCopy(folder, async (copy) => {
      const { code, output } = await check(copy)
      assert.equal(code, 0, `bun run check fails: ${lastLines(output)}`)
      const sum = await instantiations(copy)
      assert.ok(sum <= instantiationLimit, `the check still needs ${sum} type instantiations`)
    }),
  },
  {
    id: 'inputs-typed',
    tier: 'expert',
    text: 'Inputs are typed: what the README names is accepted, another order, status or type is an error.',
    async check({ folder }) {
      await passes(folder, 'inputs', 'a call that the README allows does not compile')
      await fails(folder, 'create', 'a number as name passes the check')
      await fails(folder, 'order', 'an order that does not exist passes the check')
      await fails(folder, 'status', 'a status that does not exist passes the check')
    },
  },
  {
    id: 'search-validated',
    tier: 'expert',
    text: 'leads.search answers as before, and 400 to input that is not what the README names.',
    async check(rig) {
      const { person: { token }, backend } = await twoLeads(rig)
      const search = (input: unknown) => backend.trpc('leads.search', { token, input })
      const names = async (input: unknown) => (await search(input)).data?.map(({ name }: { name: string }) => name)
      assert.deepEqual(await names({}), ['Ana', 'Zoe'], 'without order the newest lead is not first')
      assert.deepEqual(await names({ orderBy: 'email' }), ['Zoe', 'Ana'], 'leads are not sorted by email')
      assert.deepEqual(await names({ status: 'won', text: 'zo' }), ['Zoe'], 'status and text do not filter')
      for (const input of [{ orderBy: 'internalNote' }, { orderBy: ['name'] }, { status: 7 }, { text: { a: 1 } }]) {
        const { status } = await search(input)
        assert.equal(status, 400, `${JSON.stringify(input)} is answered with ${status}`)
      }
    },
  },
  {
    id: 'dates-true',
    tier: 'expert',
    text: 'The declared type of createdAt is what arrives, and recentLeads finds the lead of today.',
    async check(rig) {
      const { person: { token }, backend } = await twoLeads(rig)
      const output = await onCopy(rig.folder, async (copy) => {
        writeFileSync(join(copy, 'probe-run.ts'), `import { createApi } from './web/src/api'
import { recentLeads } from './web/src/leads'
const api: any = createApi(process.argv[2]!, () => process.argv[3]!)
const [lead] = await api.leads.list.query()
console.log(JSON.stringify({ kind: lead.createdAt instanceof Date ? 'date' : typeof lead.createdAt, recent: await recentLeads(api) }))\n`)
        return (await run(copy, ['bun', 'probe-run.ts', `${backend.url}/trpc`, token])).output
      })
      assert.match(output, /^\{.*\}\s*$/, `the client does not run: ${lastLines(output)}`)
      const { kind, recent } = JSON.parse(output)
      await passes(rig.folder, kind === 'date' ? 'date' : 'string', `createdAt arrives as ${kind}, the type says otherwise`)
      assert.deepEqual(recent, ['Ana'], `recentLeads gives ${JSON.stringify(recent)} where one of two leads is of today`)
    },
  },
  {
    id: 'strict-stays',
    tier: 'expert',
    text: 'The check still covers server and web strictly: null as string and untyped parameters are errors.',
    async check({ folder }) {
      const errors = (await webProbes(folder)).get('strict')!
      assert.ok(errors.length >= 2, 'strict mistakes in web/src pass the check')
      await onCopy(folder, async (copy) => {
        writeFileSync(join(copy, 'server/probe-strict.ts'), bad.strict)
        const { output } = await check(copy)
        assert.ok(output.split('probe-strict.ts').length > 2, 'strict mistakes in server pass the check')
      })
    },
  },
  {
    id: 'web-without-server',
    tier: 'expert',
    text: 'A bundle of the web app holds nothing of the server.',
    async check({ folder }) {
      const { code, output } = await run(folder, ['bun', 'build', 'web/src/main.ts', '--target=browser'])
      assert.equal(code, 0, `the web app does not build: ${lastLines(output)}`)
      assert.match(output, /recent/, 'the bundle is empty')
      assert.doesNotMatch(output, /DATABASE_URL|CLERK_JWT_KEY|pgTable|clerk_id/, 'the bundle of the web app holds server code')
    },
  },
  {
    id: 'web-without-bun',
    tier: 'expert',
    text: 'In the web app Bun does not exist for the compiler, as it does not in a browser.',
    check: ({ folder }) => fails(folder, 'bun', 'Bun.version passes the check of the web app: it would crash in a browser'),
  },
  {
    id: 'wire-unchanged',
    tier: 'expert',
    text: 'Over HTTP the answers are what they were: the mobile app reads them.',
    async check(rig) {
      const { person: { token, mentoradoId }, backend } = await twoLeads(rig)
      const { body } = await backend.trpc('leads.list', { token })
      assert.equal(typeof body?.result?.data?.[0]?.createdAt, 'string', 'createdAt is no longer a string in the answer of leads.list')
      const me = await backend.trpc('me.get', { token })
      assert.equal(me.data?.mentoradoId, mentoradoId, 'me.get answers otherwise')
      const made = await backend.trpc('leads.create', { token, mutate: { name: 'Eva', email: 'e@clinic.test' } })
      assert.equal(made.data?.name, 'Eva', `leads.create answers otherwise: ${made.text.slice(0, 200)}`)
    },
  },
])
