import { availableParallelism } from 'node:os'
import { Worker } from 'node:worker_threads'
import type { Config } from './config.ts'
import { sibling } from './fast-start.ts'
import { finding } from './finding.ts'
import type { SkillResult } from './skill.ts'

export interface Job {
  skills: string[]
  config: Config
  only?: string[] | undefined
  /** Milliseconds of wall time that one skill may take before its thread is ended. */
  deadline?: number
}

/** Below this many skills a second thread costs more than it saves. */
const skillsPerThread = 20
/** Known slow inputs are refused before parsing; this ends whatever is left. External links take longer. */
const patience = { offline: 20_000, external: 600_000 }

/**
 * Check skills in threads that can be ended: no input can hang the command, whatever a parser does with
 * it. A skill whose thread ran over the deadline has one finding that says so. Results keep the order.
 */
export async function inThreads({ skills, config, only, deadline }: Job): Promise<SkillResult[]> {
  const limit = deadline ?? (config.external ? patience.external : patience.offline)
  const results = new Map<string, SkillResult>()
  const left = [...skills]
  const threads = Math.max(1, Math.min(availableParallelism(), Math.floor(skills.length / skillsPerThread)))
  await Promise.all(Array.from({ length: threads }, () => work(left, results, { config, only }, limit)))
  return skills.map((root) => results.get(root)!)
}

async function work(left: string[], results: Map<string, SkillResult>, data: object, limit: number): Promise<void> {
  while (left.length > 0) {
    const overrun = await oneThread(left, results, data, limit)
    if (overrun) results.set(overrun, unfinished(overrun, limit))
  }
}

/** Feed one thread until nothing is left; resolves with the skill that ran over the deadline, if any. */
function oneThread(left: string[], results: Map<string, SkillResult>, data: object, limit: number): Promise<string | undefined> {
  const worker = new Worker(sibling('worker', import.meta.url), {
    workerData: data,
    resourceLimits: { maxYoungGenerationSizeMb: 32, maxOldGenerationSizeMb: 128 },
  })
  return new Promise((resolve, reject) => {
    let current: string | undefined
    let timer: NodeJS.Timeout | undefined
    const end = (outcome: () => void) => {
      clearTimeout(timer)
      worker.removeAllListeners()
      worker.on('error', () => {})
      void worker.terminate().then(outcome)
    }
    const next = () => {
      clearTimeout(timer)
      current = left.shift()
      if (current === undefined) return end(() => resolve(undefined))
      timer = setTimeout(() => end(() => resolve(current)), limit)
      worker.postMessage(current)
    }
    worker.once('online', next)
    worker.on('message', (result: SkillResult) => {
      results.set(result.root, result)
      next()
    })
    worker.once('error', (error: NodeJS.ErrnoException) => {
      const full = error.code === 'ERR_WORKER_OUT_OF_MEMORY'
      end(() => (full && current !== undefined ? resolve(current) : reject(error)))
    })
  })
}

function unfinished(root: string, limit: number): SkillResult {
  const reason = `the skill could not be checked within ${limit / 1_000} s or its share of memory; split its largest files`
  return {
    root, name: '', description: '', files: ['SKILL.md'], disabled: [], fences: {}, tokens: {},
    findings: [['SKILL.md', finding('readable', reason, { place: { line: 1, column: 1 } })]],
  }
}
