import { existsSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, cpus, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import packageJson from '../package.json' with { type: 'json' }
import { defects, noticed } from './bench/defects.ts'
import { probeSource, run, type Run } from './bench/measure.ts'
import { preparePeers, type Prepared, type Tool } from './bench/peers.ts'
import { bundleSet, generatedSet, type SkillSet } from './bench/sets.ts'
import { growthTable, setTable, type Row, type SetResult } from './bench/table.ts'
import { command, readArgs } from './core/args.ts'
import { UsageError } from './core/config.ts'

const help = `Time npm run validate as a whole process beside other validators from npm.

Usage: npm run bench:validate -- [options]

Options:
  --runs N      timed runs per tool and set after one warm-up (default 5)
  --quick       one run, this bundle and 17, 30, 100 skills
  --json FILE   write every number to FILE
  --help        this text

Peers are installed on first use into .cache/bench (network). All tools run on the same Node and the
same folders, in turn. A tool that is slow on a set gets fewer runs there (about a minute each); the
table says how many. Peak memory and processor time come from the warm-up (no probe in timed runs).
"notices" names which of the planted defects a tool tells of: ${defects.map(({ kind }) => kind).join(', ')}.
`

const root = join(import.meta.dirname, '..')
const secondsPerTool = 60

interface Bench {
  node: string
  runs: number
  scratch: string
  entries: Prepared[]
  /** Whether to plant defects and see who notices. */
  plants: boolean
}

interface Timed {
  tool?: Tool
  row: Row
  /** How many timed runs the tool gets on this set. */
  runs?: number
}

await command('bench', async () => {
  const { values } = readArgs(process.argv.slice(2), {
    runs: { type: 'string' }, quick: { type: 'boolean' }, json: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const runs = Number(values.runs ?? (values.quick ? 1 : 5))
  if (!Number.isInteger(runs) || runs < 1) throw new UsageError(`--runs ${values.runs}: a whole number from 1 is due`)
  const node = join(root, 'node_modules/.bin/node')
  if (!existsSync(node)) throw new UsageError('the packages are not installed; run npm ci first')
  const scratch = mkdtempSync(join(tmpdir(), 'bench-'))
  try {
    const setup = { node: realpathSync(node), runs, scratch, entries: [], plants: true }
    await bench(setup, values.quick === true, values.json as string | undefined)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
  return 0
})

async function bench(setup: Bench, quick: boolean, json: string | undefined): Promise<void> {
  const own = ['--import', pathToFileURL(join(root, 'scripts/compile-cache.mjs')).href, join(root, 'scripts/validate.ts')]
  const ours: Tool = { id: 'validate', commands: () => [[...own, '.claude/skills']] }
  const repository: Tool = {
    id: 'validate, repository', elsewhere: true, commands: () => [[...own, root]],
  }
  const peers = preparePeers(join(root, '.cache/bench'), say)
  writeFileSync(join(setup.scratch, 'probe.mjs'), probeSource)
  const sizes = quick ? [30, 100] : [100, 300, 1_000]
  const results: SetResult[] = []
  for (const size of [0, 17, ...sizes]) {
    const { scratch } = setup
    const set = size === 0 ? bundleSet(root, packageJson.name, scratch) : generatedSet(size, scratch)
    const entries: Prepared[] = [{ tool: ours }, ...(size === 0 ? [{ tool: repository }] : []), ...peers]
    const step = sizes.slice(0, -1).includes(size)
    const result = await measureSet({ ...setup, entries, plants: !step }, set)
    if (!step) process.stdout.write(`${setTable(result)}\n\n`)
    results.push(result)
  }
  for (const by of ['clock', 'processor'] as const) process.stdout.write(`${growthTable(results.slice(2), by)}\n\n`)
  process.stdout.write(`${notes(peers)}\n`)
  const report = { date: new Date().toISOString(), machine: machine(), sets: results }
  if (json) writeFileSync(json, `${JSON.stringify(report, null, 2)}\n`)
}

async function measureSet(setup: Bench, set: SkillSet): Promise<SetResult> {
  const timed: Timed[] = []
  for (const entry of setup.entries) {
    if ('tool' in entry) timed.push(await warmUp(setup, set, entry.tool))
    else timed.push({ row: { tool: entry.id, reason: entry.reason } })
  }
  for (let round = 0; round < setup.runs; round++) {
    say(`${set.title}: round ${round + 1} of ${setup.runs}`)
    for (const { tool, row, runs = 0 } of timed) {
      if (!tool || row.reason || round >= runs) continue
      const { seconds, failure } = await run(setup.node, tool.commands(set.skills), set.project)
      if (failure) row.reason = failure
      else row.seconds = [...(row.seconds ?? []), seconds]
    }
  }
  return { title: set.title, skills: set.skills.length, rows: timed.map(({ row }) => row) }
}

/** Run `tool` once untimed, see what it used and whether it checks anything. */
async function warmUp({ node, runs, scratch, plants }: Bench, set: SkillSet, tool: Tool): Promise<Timed> {
  const { title, project, skills } = set
  say(`${title}: ${tool.id}, warm-up${plants ? ' and planted defects' : ''}`)
  const warm = await run(node, tool.commands(skills), project, scratch)
  const row: Row = { tool: tool.id, ...used(warm) }
  if (warm.failure) return { tool, row: { ...row, reason: warm.failure } }
  if (plants && !tool.elsewhere) row.notices = await noticed(node, tool, project, skills, warm.output)
  return { tool, row, runs: Math.min(runs, Math.max(1, Math.floor(secondsPerTool / warm.seconds))) }
}

function used({ peakMb, cpuSeconds }: Run): Pick<Row, 'peakMb' | 'cpuSeconds'> {
  return { ...(peakMb && { peakMb }), ...(cpuSeconds && { cpuSeconds }) }
}

function notes(peers: Prepared[]): string {
  const { cpu, threads, node, load } = machine()
  const tools = peers.flatMap((peer) => 'tool' in peer ? [`- ${peer.tool.id}: ${peer.tool.note}`] : [])
  const host = `- ${cpu}, ${threads} threads, Node ${node}, load ${load} at the end`
  const warning = '- rows with a single run did not take turns with the others; compare their CPU s when the load is high'
  return ['- validate: every .md file', ...tools, warning, host].join('\n')
}

function machine() {
  const node = process.version.slice(1)
  return { cpu: cpus()[0]?.model ?? 'unknown', threads: availableParallelism(), node, load: loadavg()[0]!.toFixed(1) }
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}
