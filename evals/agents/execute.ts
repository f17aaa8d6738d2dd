import type { AgentClient, ClientEvent, Setup } from '../clients/agent.ts'
import { agents } from '../clients/clients.ts'
import { detect } from '../clients/detect.ts'
import { installSkills } from '../clients/install-skills.ts'
import { inFreshPlace } from '../clients/place.ts'
import { runAgent } from '../clients/run-agent.ts'
import { spentIn } from '../clients/spent.ts'
import type { Arm, Job } from './plan.ts'
import type { AgentRecord, Records } from './records.ts'

export interface ExecuteOptions {
  jobs: Job[]
  records: Records
  /** Folder with the installed clients. */
  installed: string
  /** Folders of the skills of each arm, ours first. */
  skills: Record<Arm, string[]>
  /** Name of the skill under test. */
  ours: string
  concurrency: number
  /** Milliseconds for one run. */
  timeout: number
  /** US dollars after which no run is started; runs whose client tells no cost count nothing. */
  budget?: number
  /** Base URL of a model server instead of the vendor's. */
  endpoint?: (job: Job) => string | undefined
  signal?: AbortSignal
  onProgress?: (done: number, total: number) => void
}

export interface Execution {
  started: number
  /** Jobs that a record answered already. */
  reused: number
  /** US dollars that the clients told. */
  spent: number
  /** Why jobs are left over. */
  halted?: 'budget' | 'interrupted' | 'same-failure'
}

/** Failures in a row after which a client is given up: a wrong key fails every run alike. */
const patience = 5

/**
 * Run the jobs that have no usable record, and record each one as soon as it ended, so that a killed run
 * repeats nothing that was paid for.
 */
export async function execute(options: ExecuteOptions): Promise<Execution> {
  const { jobs, records, concurrency, budget = Infinity, signal, onProgress } = options
  const due = jobs.filter((job) => (records.read(job)?.ended ?? 'failed') === 'failed')
  const result: Execution = { started: 0, reused: jobs.length - due.length, spent: 0 }
  const inARow = new Map<string, number>()
  let done = result.reused
  onProgress?.(done, jobs.length)
  const queue = due.values()
  await Promise.all(Array.from({ length: concurrency }, async () => {
    for (const job of queue) {
      if (signal?.aborted) result.halted = 'interrupted'
      else if (result.spent >= budget) result.halted = 'budget'
      else if ((inARow.get(job.client) ?? 0) >= patience) result.halted = 'same-failure'
      else {
        result.started++
        const { record, cost } = await runJob(job, options)
        if (signal?.aborted) {
          result.halted = 'interrupted'
          continue
        }
        records.write(record)
        result.spent += cost
        const hopeless = record.failure && record.failure.kind !== 'timeout'
        inARow.set(job.client, hopeless ? (inARow.get(job.client) ?? 0) + 1 : 0)
        onProgress?.(++done, jobs.length)
      }
    }
  }))
  return result
}

/** One run in folders of its own, which are gone afterwards. */
export async function runJob(
  job: Job, { installed, skills, ours, timeout, endpoint, signal }: Omit<ExecuteOptions, 'jobs'>,
): Promise<{ record: AgentRecord; cost: number }> {
  const client: AgentClient = agents[job.client]
  const url = endpoint?.(job)
  return inFreshPlace(async (place) => {
    const setup: Setup = { installed, ...place, ...(url && { endpoint: url }), ...(job.model && { model: job.model }) }
    const placed = installSkills(client, setup.project, skills[job.arm])
    client.configure(setup)
    const needed = job.prompt.references.required
    const stopWhen = (events: ClientEvent[]) => {
      if (!['result', 'read', 'shell'].includes(events.at(-1)?.type ?? '')) return false
      const { loads, references } = detect(events, placed, ours, setup.project)
      return loads.some(({ skill }) => skill === ours) && job.prompt.should_trigger && needed.length > 0
        && needed.every((name) => references.includes(name))
    }
    const run = await runAgent(client, setup, job.prompt.query, { timeout, stopWhen, ...(signal && { signal }) })
    const { lines, stderr, ended, failure, duration, events } = run
    const { prompt, ...told } = job
    const record: AgentRecord = {
      version: 1, ...told, promptId: prompt.id, query: prompt.query,
      project: setup.project, skills: placed, lines, stderr, ended, ...(failure && { failure }), duration,
    }
    return { record, cost: spentIn(events).cost ?? 0 }
  })
}
