import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { command, readArgs } from '../scripts/core/args.ts'
import { UsageError } from '../scripts/core/config.ts'
import { openRecords, type Records } from './agents/records.ts'
import { runAgents, type AgentRunOptions } from './agents/run.ts'
import { installClients } from './clients/install.ts'
import { readPrompts, readSkill } from './files.ts'
import { defaultPaths } from './run-evals.ts'
import type { Step } from './stub/model.ts'
import { startStubModel } from './stub/server.ts'

const help = `Time evals on agent clients: Claude Code against a scripted model on this machine, then the grading of its records.

Usage: npm run bench:evals -- [options]

Options:
  --prompts N        prompts (default 50)
  --runs N           runs of each (default 3)
  --transcripts N    records that are graded again (default 10000)
  --concurrency N    clients at once (default 2)
  --help             this text
`

await command('bench:evals', async () => {
  const { values } = readArgs(process.argv.slice(2), {
    prompts: { type: 'string' }, runs: { type: 'string' }, transcripts: { type: 'string' }, concurrency: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  })
  if (values.help) {
    process.stdout.write(help)
    return 0
  }
  const number = (name: string, standard: number) => {
    const value = Number(values[name] ?? standard)
    if (Number.isInteger(value) && value > 0) return value
    throw new UsageError(`--${name} ${values[name]}: a whole number from 1 is due`)
  }
  const scratch = mkdtempSync(join(tmpdir(), 'bench-'))
  try {
    await bench(scratch, number('prompts', 50), number('runs', 3), number('transcripts', 10_000), number('concurrency', 2))
  } finally {
    rmSync(scratch, { recursive: true, force: true, maxRetries: 5 })
  }
  return 0
})

async function bench(scratch: string, count: number, runs: number, transcripts: number, concurrency: number): Promise<void> {
  const paths = defaultPaths({})
  const { name } = readSkill(paths.skill)
  const prompts = readPrompts(paths.triggers, name).slice(0, count)
  const triggers = join(scratch, 'triggers.json')
  writeFileSync(triggers, JSON.stringify(prompts))
  const model = await startStubModel((request): Step =>
    (request.messages.includes('tool_use_id') || request.messages.includes('Launching skill') ? { text: 'done' } : { calls: [{ name: 'Skill', input: { skill: name } }] }))
  const options: AgentRunOptions = {
    triggers, clients: ['claude-code'], arms: ['crowded'], runs, concurrency, timeout: 60_000, endpoint: model.url,
    records: join(scratch, 'records'), installed: () => installClients(),
  }
  const began = performance.now()
  const { result, records, execution } = await runAgents(options).finally(() => model.stop())
  const { completion } = result.groups[0]!
  say(`${prompts.length} prompts × ${runs} runs, ${concurrency} at once: ${seconds(began)} s for ${execution!.started} runs, ${completion.hits} answered`)
  const many = copies(records, join(scratch, 'many'), result.prompts.map(({ id }) => id), transcripts)
  const start = performance.now()
  const again = await runAgents({ ...options, runs: many.runs, records: many.folder, replay: true })
  const graded = again.rows.filter(({ failure }) => failure?.kind !== 'missing').length
  say(`${graded.toLocaleString('en')} transcripts graded again in ${seconds(start)} s`)
}

/** Copies of the records under new names and run numbers, `total` of them. */
function copies(records: Records, folder: string, ids: string[], total: number): { folder: string; runs: number } {
  const target = openRecords(folder)
  const all = records.keys().map((key) => records.read({ key })!)
  const own = all.filter(({ promptId }) => ids.includes(promptId))
  const perPrompt = new Map<string, number>()
  for (const control of all.filter(({ promptId }) => !ids.includes(promptId))) target.write(control)
  for (let index = 0; index < total; index++) {
    const record = own[index % own.length]!
    const run = (perPrompt.get(record.promptId) ?? 0) + 1
    perPrompt.set(record.promptId, run)
    target.write({ ...record, key: `copy-${index}`, run })
  }
  return { folder, runs: Math.max(...perPrompt.values()) }
}

function seconds(since: number): string {
  return ((performance.now() - since) / 1000).toFixed(1)
}

function say(text: string): void {
  process.stdout.write(`${text}\n`)
}
