import { UsageError } from '../../scripts/core/config.ts'
import type { AgentClient, Setup } from '../clients/agent.ts'
import { inFreshPlace } from '../clients/place.ts'
import { runAgent } from '../clients/run-agent.ts'
import { saidIn } from '../clients/said.ts'
import { spentIn } from '../clients/spent.ts'
import { maxDescription } from './description.ts'
import type { Proposer, Question } from './propose.ts'

const maxFailures = 40

export interface AgentProposerOptions extends Pick<Setup, 'installed' | 'model' | 'endpoint'> {
  client: AgentClient
  /** Milliseconds. */
  timeout: number
  signal?: AbortSignal
  /** Called with the US dollars that the client told. */
  onCost?: (dollars: number) => void
}

/**
 * Ask the model of an agent client, in an empty project with no skill, for a better description. It is shown the
 * description, the train prompts that went wrong and what was tried before. Throws `UsageError` when it cannot answer.
 */
export function agentProposer({ client, timeout, signal, onCost, ...place }: AgentProposerOptions): Proposer {
  return (question) => inFreshPlace(async (folders) => {
    const setup: Setup = { ...place, ...folders }
    client.configure(setup)
    const run = await runAgent(client, setup, promptFor(question), { timeout, ...(signal && { signal }) })
    onCost?.(spentIn(run.events).cost ?? 0)
    if (run.failure) throw new UsageError(`${client.name} could not propose a description (${run.failure.kind}: ${run.failure.message}); nothing was changed`)
    return descriptionIn(run.lines.map((line) => saidIn(client.name, line)).join(''))
  })
}

/** The last description between the tags that were asked for. */
export function descriptionIn(text: string): string | undefined {
  return [...text.matchAll(/<description>([^]*?)<\/description>/g)].at(-1)?.[1]?.replace(/\s+/g, ' ').trim() || undefined
}

/** The question as a prompt. */
export function promptFor({ skill, failures, tried }: Question): string {
  const shown = (kind: string) => failures.filter((one) => one.kind === kind).slice(0, maxFailures)
  const quoted = (query: string) => JSON.stringify(query.replace(/\s+/g, ' ').slice(0, 300))
  const [missed, falseLoads] = [shown('missed'), shown('false load')]
  return [
    `An agent decides by its description alone whether to load the skill "${skill.name}". Write a better description. Use no tool.`,
    '', 'Description now:', skill.description,
    ...(missed.length > 0 ? ['', 'It did not load on these requests, and should have:', ...missed.map(({ query, loaded }) => `- ${quoted(query)}${loaded ? ` (${loaded} loaded)` : ''}`)] : []),
    ...(falseLoads.length > 0 ? ['', 'It loaded on these requests, and should not have:', ...falseLoads.map(({ query, expected }) => `- ${quoted(query)}${expected ? ` (belongs to ${expected})` : ''}`)] : []),
    ...(tried.length > 1 ? ['', 'Tried before, with the number of requests that were right:', ...tried.map(({ description, right, problem }) => `- ${right ?? `refused, ${problem}`}: ${description}`)] : []),
    '',
    `Rules: at most ${maxDescription} characters, one line, no angle brackets. Say what the skill does and when to load it, in the words of people with the problem; the most telling words first. Name kinds of requests and do not copy single ones: other requests decide whether it is better. Keep what it is not for.`,
    'Answer with the description between <description> and </description>, nothing else.',
  ].join('\n')
}
