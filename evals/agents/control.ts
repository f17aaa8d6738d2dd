import type { Prompt } from '../../scripts/core/triggers.ts'
import { UsageError } from '../../scripts/core/config.ts'
import type { SkillCard } from '../clients/client.ts'
import { isAnswered } from '../score.ts'
import { runJob, type ExecuteOptions } from './execute.ts'
import { plan, type PlanOptions } from './plan.ts'
import { regrade, type AgentRow } from './regrade.ts'

const attempts = 3

/** A prompt on which the skill must load: its own description, and its name. */
export function controlPrompt({ name, description }: SkillCard): Prompt {
  return {
    id: 'positive-control', query: `Use the skill ${name} for this. ${description}`, should_trigger: true, symptom: 'control',
    expected_skill: name, references: { required: [], acceptable: [] }, split: 'train',
  }
}

/** Whether the row shows that the harness sees the skill load. */
export function fired(row: AgentRow, ours: string): boolean {
  return isAnswered(row) && row.loaded === ours
}

/**
 * See the skill load once on each client, recorded or run now, three attempts each. Without that "nothing loaded"
 * could mean that nothing works. Returns the US dollars spent. Throws `UsageError`.
 */
export async function checkControls(planned: PlanOptions, options: Omit<ExecuteOptions, 'jobs'>, skill: SkillCard): Promise<number> {
  let spent = 0
  for (const client of planned.clients) {
    spent += await checkControl({ ...planned, clients: [client] }, options, skill)
    if (options.signal?.aborted) break
  }
  return spent
}

async function checkControl(planned: PlanOptions, options: Omit<ExecuteOptions, 'jobs'>, skill: SkillCard): Promise<number> {
  const { shard: _, ...whole } = planned
  const prompt = controlPrompt(skill)
  const jobs = plan({ ...whole, arms: planned.arms.slice(0, 1), prompts: [prompt], runs: attempts })
  if (jobs.some((job) => {
    const record = options.records.read(job)
    return record && fired(regrade(record, prompt, skill.name), skill.name)
  })) return 0
  let [spent, seen] = [0, '']
  for (const job of jobs) {
    const { record, cost } = await runJob(job, options)
    if (options.signal?.aborted) return spent
    spent += cost
    options.records.write(record)
    const row = regrade(record, prompt, skill.name)
    if (fired(row, skill.name)) return spent
    seen = isAnswered(row) ? `loaded ${row.loaded ?? 'nothing'}` : `could not answer (${row.unusable})`
    if (row.failure?.kind === 'auth' || row.failure?.kind === 'spend') break
  }
  throw new UsageError(
    `the positive control failed: asked for ${skill.name} by name, ${planned.clients[0]!.name} ${seen}; nothing was scored. ` +
    `Its transcripts are in ${options.records.folder}`,
  )
}
