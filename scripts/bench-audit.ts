import { mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { availableParallelism, loadavg, tmpdir } from 'node:os'
import { join } from 'node:path'
import { writeBackend } from './bench/backend.ts'
import { probeSource, run } from './bench/measure.ts'
import { preparePeers, type Peer, type Tool } from './bench/peers.ts'
import { setTable, type Row } from './bench/table.ts'
import { command, readArgs } from './core/args.ts'
import { UsageError } from './core/usage-error.ts'

const help = `Time the audit as a whole process beside oxlint and ESLint on generated backends.

Usage: npm run bench:audit -- [options]

Options:
  --runs N        timed runs per tool and size after one warm-up (default 3)
  --sizes N[,N]   source files per backend (default 1000,5000)
  --help          this text

Example: npm run bench:audit -- --runs 1 --sizes 500

Peers are installed on first use into .cache/bench (network). They check other things: the time is that of
reading, parsing and walking the same files with the rules they recommend. Peak memory and processor time
come from the warm-up.
`

const eslintConfig = `import tseslint from 'typescript-eslint'

export default tseslint.config({ files: ['**/*.ts'], extends: [tseslint.configs.recommended] })
`
const peers: Peer[] = [
  {
    id: 'oxlint 1.94.0', packages: { oxlint: '1.94.0' }, script: 'oxlint/bin/oxlint',
    note: 'native code, rules on by default', args: () => [['server']],
  },
  {
    id: 'eslint 10.15.0', packages: { eslint: '10.15.0', 'typescript-eslint': '8.73.0', typescript: '5.9.3' }, script: 'eslint/bin/eslint.js',
    note: 'typescript-eslint recommended, without types', files: { 'eslint.config.mjs': eslintConfig },
    args: (_, home) => [['--config', join(home, 'eslint.config.mjs'), 'server']],
  },
]
const root = join(import.meta.dirname, '..')

await command('bench-audit', async () => {
  const { values } = readArgs(process.argv.slice(2), { runs: { type: 'string' }, sizes: { type: 'string' }, help: { type: 'boolean', short: 'h' } })
  if (values.help) return print(help)
  const runs = wholeNumber('runs', (values.runs as string | undefined) ?? '3')
  const sizes = ((values.sizes as string | undefined) ?? '1000,5000').split(',').map((size) => wholeNumber('sizes', size))
  const scratch = mkdtempSync(join(tmpdir(), 'bench-'))
  try {
    writeFileSync(join(scratch, 'probe.mjs'), probeSource)
    const ours: Tool = { id: 'audit', commands: () => [[join(root, 'scripts/audit.mjs'), '.']] }
    const start: Tool = { id: 'audit --help (start-up)', elsewhere: true, commands: () => [[join(root, 'scripts/audit.mjs'), '--help']] }
    const prepared = preparePeers(join(root, '.cache/bench'), say, peers)
    for (const size of sizes) {
      const folder = join(scratch, String(size))
      const { files, bytes } = writeBackend(folder, size)
      const rows: Row[] = []
      for (const one of [{ tool: ours }, { tool: start }, ...prepared]) {
        rows.push('tool' in one ? await measure(one.tool, folder, scratch, runs) : { tool: one.id, reason: one.reason })
      }
      print(`${setTable({ title: `${files.toLocaleString('en-US')} files, ${(bytes / 1e6).toFixed(1)} MB`, skills: files, rows })}\n\n`)
    }
    return print(`${availableParallelism()} processors, load ${loadavg()[0]!.toFixed(1)}, Node ${process.version}; ${peers.map(({ id, note }) => `${id}: ${note}`).join('; ')}\n`)
  } finally {
    rmSync(scratch, { recursive: true, force: true })
  }
})

async function measure(tool: Tool, folder: string, scratch: string, runs: number): Promise<Row> {
  say(`${folder}: ${tool.id}`)
  const node = realpathSync(join(root, 'node_modules/.bin/node'))
  const warm = await run(node, tool.commands([]), folder, scratch)
  const row: Row = { tool: tool.id, ...(warm.peakMb && { peakMb: warm.peakMb }), ...(warm.cpuSeconds && { cpuSeconds: warm.cpuSeconds }) }
  if (warm.failure) return { ...row, reason: warm.failure }
  row.seconds = []
  for (let round = 0; round < runs; round++) row.seconds.push((await run(node, tool.commands([]), folder)).seconds)
  return row
}

function wholeNumber(option: string, text: string): number {
  const value = Number(text)
  if (!Number.isInteger(value) || value < 1) throw new UsageError(`--${option} ${text}: a whole number from 1 is due`)
  return value
}

function say(line: string): void {
  process.stderr.write(`${line}\n`)
}

function print(text: string): number {
  process.stdout.write(text)
  return 0
}
