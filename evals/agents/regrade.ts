import type { Prompt } from '../../scripts/core/triggers.ts'
import { agents } from '../clients/clients.ts'
import { detect } from '../clients/detect.ts'
import { failureIn } from '../clients/run-agent.ts'
import type { Row } from '../score.ts'
import type { AgentRecord } from './records.ts'

/** A row of the score, with what one run cost. */
export type AgentRow = Row & {
  run: number
  /** All skills that loaded, in order. */
  loads: string[]
  /** Tokens that went in, cached ones included, and came out. */
  tokens: { input: number; output: number }
  /** US dollars, where the client tells. */
  cost?: number
  /** Milliseconds. */
  duration: number
  key: string
}

/**
 * Grade a recorded run. The whole turn counts: ours is loaded when it loaded at all, before or after others.
 * References stay out where a command could not be followed, or where the run was stopped before its end.
 */
export function regrade(record: AgentRecord, prompt: Prompt, ours: string): AgentRow {
  const client = agents[record.client]
  const events = record.lines.flatMap((line) => client.read(line))
  const { loads, references, unknown } = detect(events, record.skills, ours, record.project)
  const names = loads.map(({ skill }) => skill)
  const usage = events.filter((event) => event.type === 'usage')
  const cost = usage.some((event) => event.cost !== undefined) ? usage.reduce((sum, event) => sum + (event.cost ?? 0), 0) : undefined
  const spent = {
    run: record.run, loads: names, duration: record.duration, key: record.key,
    tokens: { input: sum(usage.map(({ input }) => input)), output: sum(usage.map(({ output }) => output)) },
    ...(cost !== undefined && { cost }),
  }
  const failure = record.ended === 'stopped' ? undefined
    : record.failure?.kind === 'timeout' ? record.failure : failureIn(client, { events, stderr: record.stderr })
  if (failure) return { prompt, unusable: `${failure.kind}: ${failure.message}`, ...spent }
  return { prompt, loaded: loadedOf(names, ours, prompt.expected_skill), ...(!unknown && { references }), ...spent }
}

/** The one skill that stands for a turn in which several loaded: ours, so that a false load is never hidden. */
function loadedOf(names: string[], ours: string, expected: string | null): string | null {
  if (names.includes(ours)) return ours
  return expected !== null && names.includes(expected) ? expected : (names[0] ?? null)
}

const sum = (values: number[]): number => values.reduce((total, value) => total + value, 0)
