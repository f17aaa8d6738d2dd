import { existsSync } from 'node:fs'
import { UsageError } from '../../scripts/core/config.ts'
import type { Prompt } from '../../scripts/core/triggers.ts'
import type { AgentName } from '../clients/agent.ts'
import { agents } from '../clients/clients.ts'
import { installedVersion } from '../clients/installed.ts'
import { readPrompts } from '../files.ts'
import { defaultPaths, namesOf, selectPrompts, type EvalOptions } from '../run-evals.ts'
import { readThresholds, type AgentGates } from '../thresholds.ts'
import { checkControls } from './control.ts'
import { execute, type Execution } from './execute.ts'
import { checkGroup, verdictOfAll, verdictOfGroup } from './gates.ts'
import { readArms, type ArmSkills } from './library.ts'
import { plan, type Arm, type PlanOptions } from './plan.ts'
import { openRecords, type Records } from './records.ts'
import { missingRow, regrade, type AgentRow } from './regrade.ts'
import { controlKey, replay } from './replay.ts'
import type { AgentResult, Group, ResultRow } from './result.ts'
import { groupRows, summarize } from './summarize.ts'

export interface AgentRunOptions extends Pick<EvalOptions, 'triggers' | 'skill' | 'catalog' | 'thresholds' | 'split' | 'onProgress'> {
  clients: AgentName[]
  arms: Arm[]
  model?: string
  /** Runs of each prompt; 3 when left out, or what the records hold on a replay. */
  runs?: number
  shard?: PlanOptions['shard']
  concurrency: number
  /** Milliseconds for one run. */
  timeout: number
  /** US dollars after which no run is started. */
  budget?: number
  /** Folder of the records. */
  records: string
  /** Grade the records and start nothing. */
  replay?: boolean
  /** Base URL of a model server instead of the vendor's. */
  endpoint?: string
  /** Folder with the installed clients; asked for only when something runs. */
  installed(): Promise<string>
  signal?: AbortSignal
}

export interface AgentOutcome {
  result: AgentResult
  rows: AgentRow[]
  records: Records
  /** What was run; absent on a replay. */
  execution?: Execution
}

interface Graded extends Pick<AgentOutcome, 'rows' | 'execution'> {
  runs: number
  notes: string[]
  /** Clients with models that were seen to load the skill. */
  controls: Set<string>
}

/**
 * See each client load the skill once, run what has no record yet, grade all and compare with the thresholds.
 * Throws `UsageError` when it cannot start or the positive control does not fire.
 */
export async function runAgents(options: AgentRunOptions): Promise<AgentOutcome> {
  const paths = defaultPaths(options)
  const gates = readThresholds(paths.thresholds).agents
  if (!gates) throw new UsageError(`${paths.thresholds}: has no part "agents"; copy it from evals/thresholds.json`)
  const arms = readArms(paths.skill, paths.catalog)
  const { library } = arms
  const split = options.split ?? 'all'
  const { prompts, notes } = selectPrompts(readPrompts(paths.triggers, library.skill.name), library, split)
  if (prompts.length === 0) throw new UsageError(`${paths.triggers}: no prompt is in the split "${split}"`)
  if (options.replay && !existsSync(options.records)) throw new UsageError(`${options.records}: does not exist; name the folder of records with --records`)
  const records = openRecords(options.records)
  const graded = options.replay ? again(records, options, arms, prompts) : await anew(records, options, arms, prompts)
  return {
    rows: graded.rows, records, ...(graded.execution && { execution: graded.execution }),
    result: resultOf({ ...graded, notes: [...notes.filter((note) => !note.startsWith('SKILL.md')), ...graded.notes] }, arms, prompts, split, gates),
  }
}

function again(records: Records, options: AgentRunOptions, { library, fingerprints }: ArmSkills, prompts: Prompt[]): Graded {
  return replay(records, { ...options, prompts, skill: library.skill, fingerprints })
}

async function anew(records: Records, options: AgentRunOptions, arms: ArmSkills, prompts: Prompt[]): Promise<Graded> {
  const { skill } = arms.library
  const { runs = 3, endpoint, signal } = options
  const installed = await options.installed()
  const planned: PlanOptions = {
    ...options, runs, prompts, library: arms.fingerprints,
    clients: options.clients.map((name) => ({ name, version: versionOf(name, installed) })),
  }
  const jobs = plan(planned)
  const running = {
    ...options, jobs, records, installed, skills: arms.folders, ours: skill.name, ...(endpoint ? { endpoint: () => endpoint } : { endpoint: undefined }),
  }
  const spent = await checkControls(planned, running, skill)
  const execution = await execute({ ...running, ...(options.budget !== undefined && { budget: options.budget - spent }) })
  execution.spent += spent
  const rows = jobs.map((job) => {
    const record = records.read(job)
    return record ? regrade(record, job.prompt, skill.name) : missingRow(job)
  })
  const controls = new Set(signal?.aborted ? [] : options.clients.map((client) => controlKey({ client, model: options.model ?? null })))
  return { rows, runs, notes: haltNotes(execution, rows), controls, execution }
}

function versionOf(name: AgentName, installed: string): string {
  const version = installedVersion(agents[name], installed)
  if (!version) throw new UsageError(`${installed}: ${agents[name].package} is not installed there`)
  return version
}

function haltNotes({ halted }: Execution, rows: AgentRow[]): string[] {
  const missing = rows.filter(({ failure }) => failure?.kind === 'missing').length
  const why = { budget: 'the budget was used up', interrupted: 'it was stopped', 'same-failure': 'every run failed alike' }
  return halted ? [`${missing} of ${rows.length} runs did not take place: ${why[halted]}`] : []
}

function resultOf({ rows, runs, notes, controls }: Graded, arms: ArmSkills, prompts: Prompt[], split: AgentResult['split'], gates: AgentGates): AgentResult {
  const { library, fingerprints } = arms
  const groups = groupRows(rows).map((group): Group => {
    const names = group[0]!.arm === 'crowded' ? namesOf(library) : [library.skill.name]
    const control = controls.has(controlKey(group[0]!)) ? 'fired' as const : 'missing' as const
    const measured = { ...summarize(group, library.skill.name, names), control }
    const checks = checkGroup(measured, gates)
    return { ...measured, checks, verdict: verdictOfGroup(measured, checks) }
  })
  const unseen = groups.filter(({ control }) => control === 'missing').map(({ client }) => client)
  const used = new Set(rows.map(({ prompt }) => prompt.id))
  return {
    version: 1, kind: 'agents', skill: library.skill.name, description: library.skill.description, library: fingerprints,
    neighbours: library.catalog.length, split, runs, verdict: verdictOfAll(groups), groups,
    notes: [...notes, ...(unseen.length > 0 ? [`no record shows that ${[...new Set(unseen)].join(', ')} can load the skill, so its numbers decide nothing`] : [])],
    prompts: prompts.filter(({ id }) => used.has(id)),
    rows: rows.map(rowOf),
  }
}

function rowOf(row: AgentRow): ResultRow {
  const { prompt, client, model, arm, run, key, loads, failure, tokens, cost, duration } = row
  return {
    prompt: prompt.id, client, model, arm, run, key, loads, tokens, duration, ...(cost !== undefined && { cost }),
    ...(failure && { unusable: failure }),
    ...('loaded' in row && { loaded: row.loaded, ...(row.references && { references: row.references }) }),
  }
}
