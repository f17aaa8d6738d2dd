import type { Prompt } from '../../scripts/core/triggers.ts'
import type { ClientEvent } from '../clients/agent.ts'
import { agents } from '../clients/clients.ts'
import { detect } from '../clients/detect.ts'
import { failureIn } from '../clients/run-agent.ts'
import { spentIn, type Spent } from '../clients/spent.ts'
import type { Row } from '../score.ts'
import type { Job } from './plan.ts'
import type { AgentRecord } from './records.ts'
import type { UnusableKind } from './result.ts'

/** A row of the score, with where and how the run took place and what it cost. */
export type AgentRow = Row & Spent & Pick<Job, 'key' | 'client' | 'clientVersion' | 'model' | 'arm' | 'run'> & {
  /** All skills that loaded, in order. */
  loads: string[]
  /** Why the run says nothing about the skill. */
  failure?: { kind: UnusableKind; message: string }
  /** Milliseconds. */
  duration: number
}

/**
 * Grade a recorded run. The whole turn counts: ours is loaded when it loaded at all, before or after others.
 * References stay out where a command could not be followed. A run that was stopped had read all that are required;
 * what it would have read after that is not known, so precision speaks of the reads up to there.
 */
export function regrade(record: AgentRecord, prompt: Prompt, ours: string): AgentRow {
  const client = agents[record.client]
  const events = record.lines.flatMap((line) => client.read(line))
  const { loads, references, unknown } = detect(events, record.skills, ours, record.project)
  const names = loads.map(({ skill }) => skill)
  const { key, clientVersion, model, arm, run, duration } = record
  const told = { key, client: record.client, clientVersion, model, arm, run, loads: names, duration, ...spentIn(events) }
  const failure = failureOf(record, events)
  if (failure) return { prompt, unusable: `${failure.kind}: ${failure.message}`, failure, ...told }
  return { prompt, loaded: loadedOf(names, ours, prompt.expected_skill), ...(!unknown && { references }), ...told }
}

/** The row of a run that never took place. */
export function missingRow({ key, client, clientVersion, model, arm, run, prompt }: Job): AgentRow {
  const failure = { kind: 'missing' as const, message: 'was not run' }
  const told = { key, client, clientVersion, model, arm, run }
  return { prompt, unusable: failure.message, failure, ...told, loads: [], tokens: { input: 0, output: 0 }, duration: 0 }
}

/** The failure is read anew from the transcript; what only the run itself could see, such as its exit code, is kept. */
function failureOf(record: AgentRecord, events: ClientEvent[]): AgentRecord['failure'] {
  if (record.ended === 'stopped') return undefined
  if (record.failure?.kind === 'timeout') return record.failure
  return failureIn(agents[record.client], { events, stderr: record.stderr }) ?? record.failure
}

/** The one skill that stands for a turn in which several loaded: ours, so that a false load is never hidden. */
function loadedOf(names: string[], ours: string, expected: string | null): string | null {
  if (names.includes(ours)) return ours
  return expected !== null && names.includes(expected) ? expected : (names[0] ?? null)
}
