import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, readdirSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { UsageError } from '../../scripts/core/config.ts'
import { main } from '../command.ts'
import { folderWith } from '../../scripts/core/testing.ts'
import { promptOf } from '../testing.ts'
import { checkCredentials, readOptions } from './options.ts'
import { controlAnswer, fakeClients, say, smallSuite } from './testing.ts'

const entry = resolve(import.meta.dirname, '../run.ts')
const endpoint = 'http://127.0.0.1:9'

/** The real command on a stand-in client, in a home, working and temporary folder of its own. */
function start(suite: ReturnType<typeof smallSuite>, clients: string, ...args: string[]) {
  const places = folderWith({ 'home/.keep': '', 'cwd/.keep': '', 'tmp/.keep': '' })
  const child = spawn(process.execPath, [
    entry, '--client', 'claude-code', '--skill', suite.skill, '--catalog', suite.catalog, '--triggers', suite.triggers,
    '--clients-dir', clients, '--endpoint', endpoint, '--records', join(suite.root, 'records'), ...args,
  ], { cwd: join(places, 'cwd'), env: { ...process.env, HOME: join(places, 'home'), TMPDIR: join(places, 'tmp'), NO_COLOR: '1' } })
  const told = { out: '', err: '' }
  child.stdout.on('data', (chunk) => (told.out += chunk))
  child.stderr.on('data', (chunk) => (told.err += chunk))
  const ended = once(child, 'close').then(([code]) => ({ ...told, code: code as number | null }))
  return { child: child as ChildProcess, ended, places }
}

const slow = [controlAnswer, { when: 'slow', lines: [say.init, say.skill('ours'), say.result('s'), say.done], pause: 0.4 }]
const tenPrompts = () => smallSuite(Array.from({ length: 10 }, (_, n) => promptOf({ id: `p${n}`, query: `slow prompt ${n}` })))

async function until(holds: () => boolean): Promise<void> {
  for (const deadline = Date.now() + 25_000; !holds(); await sleep(20)) if (Date.now() > deadline) throw new Error('it did not come to that')
}

test('a killed command goes on where it was and repeats no recorded run', async () => {
  const [suite, clients] = [tenPrompts(), fakeClients(slow)]
  const records = () => (existsSync(join(suite.root, 'records')) ? readdirSync(join(suite.root, 'records')).filter((name) => name.endsWith('.json')) : [])
  const first = start(suite, clients.folder, '--runs', '1', '--arm', 'crowded', '--concurrency', '1')
  await until(() => records().length >= 4)
  first.child.kill('SIGKILL')
  expect(await first.ended).toMatchObject({ code: null })
  const [kept, launched] = [records().length, clients.launches().length]
  expect(launched - kept).toBeLessThanOrEqual(1)
  const { out, code } = await start(suite, clients.folder, '--runs', '1', '--arm', 'crowded', '--format', 'json', '--resume').ended
  expect(code).toBe(1)
  expect(JSON.parse(out).groups[0].completion).toMatchObject({ hits: 10, total: 10 })
  expect(clients.launches()).toHaveLength(launched + 11 - kept)
})

test('Ctrl-C ends the clients, keeps the records and says how to go on', async () => {
  const [suite, clients] = [tenPrompts(), fakeClients(slow)]
  const first = start(suite, clients.folder, '--runs', '1', '--arm', 'crowded', '--concurrency', '2')
  await until(() => clients.launches().length >= 4)
  first.child.kill('SIGINT')
  const { code, out, err } = await first.ended
  expect({ code, out }).toEqual({ code: 130, out: '' })
  expect(err).toMatch(/stopped after \d+ of 10 runs; they are kept in .*records, the same command goes on from there\n$/)
  expect(readdirSync(join(first.places, 'tmp')).filter((name) => name.startsWith('agent-'))).toEqual([])
})

test('nothing outside the folder of the run is written', async () => {
  const [suite, clients] = [smallSuite(), fakeClients([controlAnswer])]
  const before = readFileSync(suite.triggers, 'utf8')
  const { ended, places } = start(suite, clients.folder, '--runs', '1')
  expect(await ended).toMatchObject({ err: '' })
  expect(readdirSync(join(places, 'home'))).toEqual(['.keep'])
  expect(readdirSync(join(places, 'cwd'))).toEqual(['.keep'])
  expect(readdirSync(join(places, 'tmp')).filter((name) => name.startsWith('agent-'))).toEqual([])
  expect(readFileSync(suite.triggers, 'utf8')).toBe(before)
  expect(readdirSync(suite.root).sort()).toEqual(['catalog', 'ours', 'records', 'triggers.json'])
})

test('shards on two machines merge into one result', async () => {
  const [suite, clients] = [smallSuite(), fakeClients([controlAnswer])]
  const at = (name: string) => join(suite.root, name)
  for (const part of ['1', '2']) await start(suite, clients.folder, '--runs', '1', '--shard', `${part}/2`, '--records', at(part)).ended
  expect(clients.launches()).toHaveLength(8 + 2)
  expect(await main(['merge', at('1'), at('2'), '--output', at('all')])).toBe(0)
  const { out } = await start(suite, at('nowhere'), '--replay', '--records', at('all'), '--format', 'json').ended
  expect(JSON.parse(out)).toMatchObject({ runs: 1, notes: [], groups: [{ control: 'fired', completion: { hits: 4, total: 4 } }, { completion: { hits: 4 } }] })
  await expect(main(['merge', at('nowhere'), '--output', at('x')])).rejects.toThrow('nowhere: does not exist; name a folder of records')
  await expect(main(['merge', suite.catalog, '--output', at('x')])).rejects.toThrow('catalog: holds no record')
  await expect(main(['merge', at('1')])).rejects.toThrow('--output DIR is due')
})

test.each([
  [['--client', 'codex,lexical'], '--client lexical stands alone; run the agent clients apart'],
  [['--client', 'codex,gemin'], '--client gemin: not one of lexical, claude-code, codex, opencode, gemini; did you mean gemini?'],
  [['--client', 'codex', '--arm', 'crowd'], '--arm crowd: not one of isolated, crowded; did you mean crowded?'],
  [['--client', 'codex', '--runs', '0'], '--runs 0: a whole number from 1 to 100 is due'],
  [['--client', 'codex', '--concurrency', 'x'], '--concurrency x: a whole number from 1 to 64 is due'],
  [['--client', 'codex', '--timeout', '1.5'], '--timeout 1.5: a whole number from 1 to 3600 is due'],
  [['--client', 'codex', '--budget-usd', '-1'], "Option '--budget-usd' argument is ambiguous"],
  [['--client', 'codex', '--budget-usd', '0'], '--budget-usd 0: US dollars above 0 are due, such as 2.50'],
  [['--client', 'codex', '--shard', '3/2'], '--shard "3/2": part and number of parts are due, such as 2/5'],
  [['--client', 'codex', '--endpoint', 'localhost:80'], '--endpoint localhost:80: a URL is due'],
  [['--client', 'codex', '--format', 'skill-creator'], '--format skill-creator holds one client and one arm'],
  [['--client', 'codex', '--format', 'html'], '--format html needs --output FILE'],
  [['--client', 'codex', '--format', 'plugin-eval'], '--format plugin-eval needs --output DIR'],
  [['--client', 'codex', '--cocurrency', '2'], 'unknown option --cocurrency; did you mean --concurrency?'],
  [['--client', 'codex', 'more'], '"more" is not an option; see --help'],
  [['--client', 'codex', '--model='], '--model needs a value; see --help'],
])('%j is a usage error', (args, message) => {
  expect(() => readOptions(args)).toThrow(UsageError)
  expect(() => readOptions(args)).toThrow(message)
})

test('the defaults, and a client named twice', () => {
  expect(readOptions(['--client', 'codex, codex', '--endpoint', `${endpoint}/`])).toMatchObject({
    format: 'pretty', run: { clients: ['codex'], arms: ['isolated', 'crowded'], concurrency: 2, timeout: 300_000, records: 'results/agents', replay: false, endpoint },
  })
})

test('without a key and without a model server nothing starts', () => {
  expect(() => checkCredentials(['codex'], { ANTHROPIC_API_KEY: 'x' })).toThrow('codex has no key; set OPENAI_API_KEY or CODEX_API_KEY, or name a model server with --endpoint')
  expect(() => checkCredentials(['claude-code'], { ANTHROPIC_BASE_URL: 'x' })).toThrow('claude-code has no key')
  expect(() => checkCredentials(['codex', 'claude-code'], { OPENAI_API_KEY: 'x', ANTHROPIC_API_KEY: 'x' })).not.toThrow()
})

test('a replay needs records', async () => {
  const folder = folderWith({ 'records/.keep': '', 'broken/x.json': '{"version": 2}' })
  const replay = (name: string) => main(['--client', 'codex', '--replay', '--records', join(folder, name)])
  await expect(replay('nowhere')).rejects.toThrow('nowhere: does not exist; name the folder of records with --records')
  await expect(replay('records')).rejects.toThrow('records: holds no record of these prompts, clients and arms; run them without --replay first')
  await expect(replay('broken')).rejects.toThrow(/broken\/x\.json: not a record \(version: .*\); delete it to run it again/)
})
