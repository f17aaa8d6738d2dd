import { oneOf, readArgs, wholeNumber } from '../../scripts/core/args.ts'
import { UsageError } from '../../scripts/core/config.ts'
import { agentNames, type AgentName } from '../clients/agent.ts'
import { agents } from '../clients/clients.ts'
import { splits } from '../run-evals.ts'
import { agentFlags } from './flags.ts'
import { arms, parseShard } from './plan.ts'
import type { AgentRunOptions } from './run.ts'

/** Formats of a result; `cases` are the prompts for another runner and need no run. */
export const formats = ['pretty', 'json', 'junit', 'github', 'html', 'skill-creator'] as const
export const cases = ['promptfoo', 'plugin-eval'] as const
export type AgentFormat = (typeof formats)[number] | (typeof cases)[number]

const shared = {
  client: { type: 'string' }, triggers: { type: 'string' }, skill: { type: 'string' }, catalog: { type: 'string' },
  split: { type: 'string' }, thresholds: { type: 'string' }, format: { type: 'string' }, output: { type: 'string' },
  verbose: { type: 'boolean' }, 'write-schema': { type: 'boolean' }, help: { type: 'boolean', short: 'h' },
} as const

export interface AgentCommand {
  run: Omit<AgentRunOptions, 'installed'>
  clientsDir?: string
  format: AgentFormat
  output?: string
  verbose: boolean
  writeSchema: boolean
  help: boolean
}

/** Read the arguments of a run on agent clients. Throws `UsageError`. */
export function readOptions(args: string[]): AgentCommand {
  const { values, positionals } = readArgs(args, { ...shared, ...agentFlags })
  if (positionals.length > 0) throw new UsageError(`"${positionals[0]}" is not an option; see --help`)
  const empty = Object.keys(values).find((name) => values[name] === '')
  if (empty) throw new UsageError(`--${empty} needs a value; see --help`)
  const text = (name: string) => values[name] as string | undefined
  const format = oneOf('format', text('format') ?? 'pretty', [...formats, ...cases])
  const run: AgentCommand['run'] = {
    clients: namesOf(text('client') ?? 'claude-code'),
    arms: listOf(text('arm') ?? arms.join(','), (name) => oneOf('arm', name, arms)),
    split: oneOf('split', text('split') ?? 'all', splits),
    concurrency: wholeNumber('concurrency', values, 64) ?? 2,
    timeout: (wholeNumber('timeout', values, 3600) ?? 300) * 1000,
    records: text('records') ?? text('record') ?? 'results/agents',
    replay: values.replay === true,
    ...optional('runs', wholeNumber('runs', values, 100)),
    ...optional('model', text('model')),
    ...optional('budget', money(text('budget-usd'))),
    ...optional('shard', values.shard === undefined ? undefined : parseShard(text('shard')!)),
    ...optional('endpoint', endpointOf(text('endpoint'))),
    ...Object.fromEntries(['triggers', 'skill', 'catalog', 'thresholds'].filter((name) => values[name]).map((name) => [name, values[name]])),
  }
  check(run, format, text('output'))
  return {
    run, format, verbose: values.verbose === true, writeSchema: values['write-schema'] === true, help: values.help === true,
    ...optional('clientsDir', text('clients-dir')), ...optional('output', text('output')),
  }
}

/** What must be known before anything is paid for. */
function check({ clients, arms: chosen }: AgentCommand['run'], format: AgentFormat, output: string | undefined): void {
  if (format === 'skill-creator' && clients.length * chosen.length > 1)
    throw new UsageError('--format skill-creator holds one client and one arm; choose them with --client and --arm')
  if ((format === 'plugin-eval' || format === 'html') && output === undefined)
    throw new UsageError(`--format ${format} needs --output ${format === 'html' ? 'FILE' : 'DIR'}`)
}

/** Throws `UsageError` when a client would ask its vendor without a key. */
export function checkCredentials(clients: AgentName[], environment: NodeJS.ProcessEnv = process.env): void {
  for (const name of clients) {
    const keys = agents[name].credentials.filter((key) => !key.endsWith('_URL'))
    if (!keys.some((key) => environment[key]))
      throw new UsageError(`${name} has no key; set ${keys.join(' or ')}, or name a model server with --endpoint`)
  }
}

function namesOf(text: string): AgentName[] {
  const names = listOf(text, (name) => oneOf('client', name, ['lexical', ...agentNames] as const))
  if (names.includes('lexical')) throw new UsageError('--client lexical stands alone; run the agent clients apart')
  return names as AgentName[]
}

function listOf<T>(text: string, read: (name: string) => T): T[] {
  return [...new Set(text.split(',').map((name) => read(name.trim())))]
}

function money(text: string | undefined): number | undefined {
  if (text === undefined) return undefined
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : NaN
  if (value > 0) return value
  throw new UsageError(`--budget-usd ${text}: US dollars above 0 are due, such as 2.50`)
}

function endpointOf(text: string | undefined): string | undefined {
  if (text === undefined) return undefined
  if (!/^https?:$/.test(URL.parse(text)?.protocol ?? '')) throw new UsageError(`--endpoint ${text}: a URL is due, such as http://127.0.0.1:8080`)
  return text.replace(/\/+$/, '')
}

function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
  return value === undefined ? {} : ({ [key]: value } as { [P in K]: V })
}
