import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { UsageError } from '../../scripts/core/config.ts'
import type { Prompt } from '../../scripts/core/triggers.ts'
import type { AgentName } from '../clients/agent.ts'
import type { PlacedSkill } from '../clients/detect.ts'
import { sourceOf } from '../clients/install-skills.ts'

/** `isolated`: ours alone. `crowded`: among the catalog. */
export const arms = ['isolated', 'crowded'] as const
export type Arm = (typeof arms)[number]

/** One run of one prompt on one client; what it costs money to know. */
export interface Job {
  /** Content hash of everything that decides the answer; the name of its record. */
  key: string
  client: AgentName
  clientVersion: string
  model: string | null
  arm: Arm
  prompt: Prompt
  /** From 1. */
  run: number
  /** Fingerprint of the skills that stood there. */
  library: string
}

export interface PlanOptions {
  clients: { name: AgentName; version: string }[]
  model?: string
  arms: Arm[]
  prompts: Prompt[]
  runs: number
  /** Part `index` (from 1) of `count`, for machines that share the work. */
  shard?: { index: number; count: number }
  /** Fingerprint of the skills of each arm. */
  library: Record<Arm, string>
}

/** Jobs of a run, prompt by prompt, so that an early end leaves whole prompts behind. */
export function plan({ clients, model, arms: chosen, prompts, runs, shard, library }: PlanOptions): Job[] {
  const jobs = prompts.flatMap((prompt) => clients.flatMap(({ name, version }) => chosen.flatMap((arm) =>
    Array.from({ length: runs }, (_, index): Job => {
      const job = { client: name, clientVersion: version, model: model ?? null, arm, prompt, run: index + 1, library: library[arm] }
      return { key: keyOf(job), ...job }
    }))))
  if (!shard) return jobs
  const ids = [...new Set(prompts.map(({ id }) => id))]
  return jobs.filter(({ prompt }) => ids.indexOf(prompt.id) % shard.count === shard.index - 1)
}

/** Read `2/5`. Throws `UsageError`. */
export function parseShard(text: string): { index: number; count: number } {
  const [, index, count] = /^([1-9]\d*)\/([1-9]\d*)$/.exec(text)?.map(Number) ?? []
  if (!index || !count || index > count) throw new UsageError(`--shard "${text}": part and number of parts are due, such as 2/5`)
  return { index, count }
}

/** Changes when a file that a client may show its model changes. */
export function fingerprint(skills: PlacedSkill[]): string {
  const hash = createHash('sha256')
  for (const { name, folder, files } of skills.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    hash.update(`\u0000${name}`)
    for (const file of files.toSorted()) hash.update(`\u0000${file}\u0000`).update(readFileSync(sourceOf(folder, file)))
  }
  return hash.digest('hex')
}

function keyOf({ client, clientVersion, model, arm, prompt, run, library }: Omit<Job, 'key'>): string {
  return createHash('sha256')
    .update(JSON.stringify([client, clientVersion, model, arm, prompt.query, run, library]))
    .digest('hex').slice(0, 32)
}
