import type { Prompt } from '../../scripts/core/triggers.ts'
import { UsageError } from '../../scripts/core/config.ts'
import type { AgentName } from '../clients/agent.ts'
import type { SkillCard } from '../clients/client.ts'
import { controlPrompt, fired } from './control.ts'
import type { Arm } from './plan.ts'
import type { AgentRecord, Records } from './records.ts'
import { missingRow, regrade, type AgentRow } from './regrade.ts'

export interface ReplayOptions {
  clients: AgentName[]
  arms: Arm[]
  model?: string
  /** Runs that each prompt should have; the most that any has when left out. */
  runs?: number
  prompts: Prompt[]
  skill: SkillCard
  /** Fingerprint of the skills as they are now. */
  fingerprints: Record<Arm, string>
}

export interface Replay {
  rows: AgentRow[]
  runs: number
  /** Clients and models whose positive control is recorded and fired. */
  controls: Set<string>
  notes: string[]
}

/** Name of a client with a model, as `controls` holds it. */
export const controlKey = ({ client, model }: Pick<AgentRecord, 'client' | 'model'>): string => JSON.stringify([client, model])

/**
 * Grade the records of a folder again, without a client and at no cost. Records of other skill texts than today's are
 * used only where there are none of today's, and only when all are of the same. Throws `UsageError`.
 */
export function replay(records: Records, options: ReplayOptions): Replay {
  const { clients, arms, model, prompts, skill, fingerprints } = options
  const byId = new Map(prompts.map((prompt) => [prompt.id, prompt]))
  const control = controlPrompt(skill)
  const controls = new Set<string>()
  const found: { row: AgentRow; library: string }[] = []
  let stale = 0
  for (const key of records.keys()) {
    const record = records.read({ key })!
    if (!clients.includes(record.client) || (model !== undefined && record.model !== model)) continue
    if (record.promptId === control.id) {
      if (fired(regrade(record, control, skill.name), skill.name)) controls.add(controlKey(record))
      continue
    }
    const prompt = byId.get(record.promptId)
    if (!prompt || !arms.includes(record.arm)) continue
    if (prompt.query !== record.query) stale++
    else found.push({ row: regrade(record, prompt, skill.name), library: record.library })
  }
  const { rows, notes } = ofOneLibrary(found, fingerprints, records.folder)
  if (stale > 0) notes.push(`${stale} records hold another wording of their prompt and were left out`)
  if (rows.length === 0) throw new UsageError(`${records.folder}: holds no record of these prompts, clients and arms; run them without --replay first`)
  const runs = options.runs ?? Math.max(...rows.map(({ run }) => run))
  return { rows: complete(newest(rows).filter(({ run }) => run <= runs), prompts, runs), runs, controls, notes }
}

function ofOneLibrary(
  found: { row: AgentRow; library: string }[], fingerprints: Record<Arm, string>, folder: string,
): { rows: AgentRow[]; notes: string[] } {
  const notes: string[] = []
  const rows = [...Map.groupBy(found, ({ row }) => row.arm)].flatMap(([arm, all]) => {
    const current = all.filter(({ library }) => library === fingerprints[arm])
    if (current.length > 0) return current
    if (new Set(all.map(({ library }) => library)).size > 1)
      throw new UsageError(`${folder}: its ${arm} records are of several versions of the skills, none of them today's; keep each version in a folder of its own`)
    notes.push(`the ${arm} records were made with other skill texts than those of today`)
    return all
  })
  return { rows: rows.map(({ row }) => row), notes }
}

/** Of the same run on several versions of a client, the one on the newest. */
function newest(rows: AgentRow[]): AgentRow[] {
  const kept = new Map<string, AgentRow>()
  for (const row of rows) {
    const key = JSON.stringify([row.client, row.model, row.arm, row.prompt.id, row.run])
    const other = kept.get(key)
    if (!other || row.clientVersion.localeCompare(other.clientVersion, 'en', { numeric: true }) > 0) kept.set(key, row)
  }
  return [...kept.values()]
}

/** Rows with one that says "missing" for every run that has no record, in the order of the prompts. */
function complete(rows: AgentRow[], prompts: Prompt[], runs: number): AgentRow[] {
  const groups = Map.groupBy(rows, ({ client, model, arm }) => JSON.stringify([client, model, arm]))
  return [...groups].sort(([a], [b]) => (a < b ? -1 : 1)).flatMap(([, group]) => {
    const { client, clientVersion, model, arm } = group[0]!
    const byRun = new Map(group.map((row) => [`${row.prompt.id} ${row.run}`, row]))
    return prompts.flatMap((prompt) => Array.from({ length: runs }, (_, index) => byRun.get(`${prompt.id} ${index + 1}`)
      ?? missingRow({ key: '', library: '', client, clientVersion, model, arm, prompt, run: index + 1 })))
  })
}
