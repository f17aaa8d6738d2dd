import type { Server } from '../../scripts/core/postgres.ts'
import type { AgentClient, Failure, Setup } from '../clients/agent.ts'
import { installSkills } from '../clients/install-skills.ts'
import { inFreshPlace } from '../clients/place.ts'
import { runAgent } from '../clients/run-agent.ts'
import { spentIn, type Spent } from '../clients/spent.ts'
import { grade, type Verdict } from './grade.ts'
import type { Task } from './task.ts'
import { assemble } from './workspace.ts'

/** `with`: the bundle is installed in the project. `without`: the same project and prompt, no bundle. */
export const trialArms = ['with', 'without'] as const
export type TrialArm = (typeof trialArms)[number]

export interface Trial extends Spent {
  task: string
  arm: TrialArm
  /** Index of the prompt. */
  prompt: number
  /** From 1. */
  run: number
  /** Left out when the client failed: then nothing is known, which is no zero. */
  verdicts?: Verdict[]
  failure?: { kind: Failure; message: string }
  /** Milliseconds of the client. */
  duration: number
}

export interface TrialOptions {
  client: AgentClient
  /** Folder with the installed clients. */
  installed: string
  /** Folder of the bundle under test. */
  skill: string
  server: Server
  /** Milliseconds for one run of the client. */
  timeout: number
  model?: string
  /** Base URL of a model server instead of the vendor's. */
  endpoint?: string
  signal?: AbortSignal
}

/** Give a fresh broken backend and one prompt to a client, and grade what it leaves behind. */
export async function runTrial(
  task: Task, arm: TrialArm, prompt: number, run: number, options: TrialOptions,
): Promise<Trial> {
  const { client, installed, skill, server, timeout, model, endpoint, signal } = options
  return inFreshPlace(async (place) => {
    const setup: Setup = { installed, ...place, ...(model && { model }), ...(endpoint && { endpoint }) }
    assemble(task, 'broken', setup.project)
    if (arm === 'with') installSkills(client, setup.project, [skill])
    client.configure(setup)
    const ran = await runAgent(client, setup, task.prompts[prompt]!, { timeout, ...(signal && { signal }) })
    const told = { task: task.name, arm, prompt, run, duration: ran.duration, ...spentIn(ran.events) }
    if (ran.failure) return { ...told, failure: ran.failure }
    return { ...told, verdicts: await grade(task, setup.project, server) }
  })
}
