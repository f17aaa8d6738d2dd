import { resolve } from 'node:path'
import { oneOf, wholeNumber, type Values } from '../../scripts/core/args.ts'
import { UsageError } from '../../scripts/core/config.ts'
import { agentNames } from '../clients/agent.ts'
import { agents } from '../clients/clients.ts'
import { installClients } from '../clients/install.ts'
import { progressBar } from '../progress.ts'
import { startDatabases } from './grade.ts'
import { readTask, taskNames } from './task.ts'
import { resultOf, trialText } from './trial-result.ts'
import { runTrial, trialArms, type Trial } from './trial.ts'

const repository = resolve(import.meta.dirname, '../..')

/** `evals tasks run`: every prompt of `names` in every arm on a real client; exit code 1 when no run was usable. */
export async function runTasks(names: string[], values: Values, format: 'pretty' | 'json'): Promise<number> {
  if (typeof values.client !== 'string') throw new UsageError(`--client is due: ${agentNames.join(', ')}`)
  const client = agents[oneOf('client', values.client, agentNames)]
  const arms = values.arm === undefined ? trialArms : String(values.arm).split(',').map((arm) => oneOf('arm', arm, trialArms))
  const runs = wholeNumber('runs', values) ?? 1
  const timeout = (wholeNumber('timeout', values) ?? 1200) * 1000
  const tasks = await Promise.all((names.length > 0 ? names : taskNames()).map((name) => readTask(name)))
  const installed = await installClients()
  const jobs = tasks.flatMap((task) => task.prompts.flatMap((_, prompt) =>
    Array.from({ length: runs }, (_, run) => arms.map((arm) => ({ task, arm, prompt, run: run + 1 })))).flat())
  const stop = new AbortController()
  const interrupt = () => stop.abort()
  process.once('SIGINT', interrupt)
  const server = await startDatabases()
  const bar = await progressBar()
  const trials: Trial[] = []
  try {
    bar.update(0, jobs.length)
    for (const { task, arm, prompt, run } of jobs) {
      if (stop.signal.aborted) break
      const trial = await runTrial(task, arm, prompt, run, {
        client, installed, skill: repository, server, timeout, signal: stop.signal,
        ...(typeof values.model === 'string' && { model: values.model }),
        ...(typeof values.endpoint === 'string' && { endpoint: values.endpoint }),
      })
      if (!stop.signal.aborted) trials.push(trial)
      bar.update(trials.length, jobs.length)
    }
  } finally {
    bar.stop()
    process.off('SIGINT', interrupt)
    await server.stop()
  }
  const result = resultOf(client.name, values.model as string | undefined, trials)
  process.stdout.write(`${format === 'json' ? JSON.stringify(result, null, 2) : trialText(result)}\n`)
  if (trials.length < jobs.length) process.stderr.write(`stopped after ${trials.length} of ${jobs.length} runs\n`)
  return trials.some(({ verdicts }) => verdicts) ? 0 : 1
}
