import { existsSync, statSync } from 'node:fs'
import { z } from 'zod'
import { UsageError } from '../../scripts/core/config.ts'
import { resultSchema, type AgentResult } from '../agents/result.ts'
import { runAgents } from '../agents/run.ts'
import { arms } from '../agents/plan.ts'
import { agentNames } from '../clients/agent.ts'
import { readJson } from '../files.ts'
import type { EvalOptions } from '../run-evals.ts'

/** A prompt as both sides must agree on it; the lexical result does not hold its text. */
export interface ComparedPrompt {
  id: string
  query?: string
  should_trigger: boolean
  symptom: string | null
}

/** What one client in one arm made of each prompt. */
export interface SideGroup {
  client: string
  model: string | null
  arm: string
  /** Whether the client was seen to load the skill at all. */
  control: boolean
  /** By id of the prompt: `null` is a run that says nothing, else what loaded, `''` for nothing. */
  runs: Map<string, (string | null)[]>
}

/** One of the two results that are compared. */
export interface Side {
  label: string
  skill: string
  description?: string
  prompts: Map<string, ComparedPrompt>
  groups: SideGroup[]
  notes: string[]
}

const lexicalSchema = z.object({
  version: z.literal(1),
  client: z.object({ name: z.string() }),
  skill: z.string(),
  rows: z.array(z.object({
    id: z.string(), should_trigger: z.boolean(), symptom: z.string().nullable(),
    loaded: z.string().nullable().optional(), unusable: z.string().optional(),
  })).min(1),
})

/** Read a result file, or a folder of records that is graded again with `options`. Throws `UsageError`. */
export async function readSide(path: string, options: Pick<EvalOptions, 'skill' | 'triggers' | 'catalog'>): Promise<Side> {
  if (!existsSync(path)) throw new UsageError(`${path}: does not exist; name a result file or a folder of records`)
  if (statSync(path).isDirectory()) return ofAgents(path, await regraded(path, options))
  const value = readJson(path)
  if ((value as { kind?: unknown } | null)?.kind === 'agents') return ofAgents(path, valid(path, resultSchema, value))
  return ofLexical(path, valid(path, lexicalSchema, value))
}

async function regraded(records: string, options: Pick<EvalOptions, 'skill' | 'triggers' | 'catalog'>): Promise<AgentResult> {
  const installed = () => Promise.reject(new Error('grading records starts no client'))
  const { result } = await runAgents({
    ...options, records, clients: [...agentNames], arms: [...arms], concurrency: 1, timeout: 1, replay: true, installed,
  })
  // The description in the result is today's, which need not be the one that was recorded.
  return { ...result, description: '' }
}

/** A result of agent clients as a side. */
export function ofAgents(label: string, { skill, description, prompts, groups, rows, notes }: AgentResult): Side {
  const runsOf = ({ client, model, arm }: AgentResult['groups'][number]) => {
    const runs = new Map<string, (string | null)[]>()
    for (const row of rows) {
      if (row.client !== client || row.model !== model || row.arm !== arm) continue
      runs.set(row.prompt, [...(runs.get(row.prompt) ?? []), row.unusable ? null : (row.loaded ?? '')])
    }
    return runs
  }
  return {
    label, skill, notes, ...(description !== '' && { description }),
    prompts: new Map(prompts.map(({ id, query, should_trigger, symptom }) => [id, { id, query, should_trigger, symptom }])),
    groups: groups.map((group) => ({ client: group.client, model: group.model, arm: group.arm, control: group.control === 'fired', runs: runsOf(group) })),
  }
}

function ofLexical(label: string, { skill, client, rows }: z.infer<typeof lexicalSchema>): Side {
  return {
    label, skill, notes: [],
    prompts: new Map(rows.map(({ id, should_trigger, symptom }) => [id, { id, should_trigger, symptom }])),
    groups: [{
      client: client.name, model: null, arm: 'crowded', control: true,
      runs: new Map(rows.map(({ id, loaded, unusable }) => [id, [unusable === undefined ? (loaded ?? '') : null]])),
    }],
  }
}

function valid<T>(path: string, schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value)
  if (parsed.success) return parsed.data
  const [issue] = parsed.error.issues
  throw new UsageError(`${path}: not a result of "npm run evals -- --format json" (${issue!.path.join('.') || 'the file'}: ${issue!.message}); write it again`)
}
