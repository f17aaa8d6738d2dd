import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { createInterface } from 'node:readline'
import type { AgentClient, ClientEvent, Failure, Setup } from './agent.ts'
import { endTree } from './process-tree.ts'

export interface AgentOptions {
  /** Milliseconds after which the run is ended and says nothing. */
  timeout: number
  /** Looked at after every event: true ends the run early. Only for a hit; a miss is known at the end alone. */
  stopWhen?: (events: ClientEvent[]) => boolean
  /** Ends the run, for an interrupt. */
  signal?: AbortSignal
}

export interface AgentRun {
  /** Standard output, line by line: what a transcript keeps. */
  lines: string[]
  /** The end of standard error, at most 4,000 characters. */
  stderr: string
  events: ClientEvent[]
  /** How it ended; `failure` says why it says nothing about the skill. */
  ended: 'answered' | 'stopped' | 'failed'
  failure?: { kind: Failure; message: string }
  /** Milliseconds. */
  duration: number
}

/** Run a client headless on `prompt` and read what it does. Whatever happens, none of its processes is left. */
export async function runAgent(
  client: AgentClient, setup: Setup, prompt: string, { timeout, stopWhen, signal }: AgentOptions,
): Promise<AgentRun> {
  const marker = randomUUID()
  const { file, args, env } = client.launch(setup, prompt)
  const began = performance.now()
  const child = spawn(file, args, {
    cwd: setup.project, detached: true, stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...inherited(client, setup), ...env, BACKEND_DESIGN_RUN: marker },
  })
  const [lines, events]: [string[], ClientEvent[]] = [[], []]
  let [stderr, stopped, timedOut] = ['', false, false]
  const end = () => endTree(child.pid, marker)
  const timer = setTimeout(() => {
    timedOut = true
    void end()
  }, timeout)
  signal?.addEventListener('abort', end)
  child.stderr.on('data', (chunk) => {
    stderr = (stderr + chunk).slice(-4000)
    if (isRefused(client, stderr)) void end()
  })
  createInterface({ input: child.stdout }).on('line', (line) => {
    lines.push(line)
    events.push(...client.read(line))
    if (stopped || !stopWhen?.(events)) return
    stopped = true
    void end()
  })
  const code = await Promise.race([
    once(child, 'close').then(([exit]) => exit as number | null),
    once(child, 'error').then(([error]) => String((error as Error).message)),
  ])
  clearTimeout(timer)
  signal?.removeEventListener('abort', end)
  await end()
  const duration = Math.round(performance.now() - began)
  const run = { lines, stderr, events, duration }
  if (stopped) return { ...run, ended: 'stopped' }
  const failure = timedOut && !isRefused(client, stderr)
    ? { kind: 'timeout' as const, message: `no answer within ${timeout / 1000} s` }
    : failureIn(client, run, code)
  return failure ? { ...run, ended: 'failed', failure } : { ...run, ended: 'answered' }
}

/** Whether standard error tells of a refused key or a used-up account: no further try will end otherwise. */
function isRefused(client: AgentClient, stderr: string): boolean {
  const told = client.readError?.(stderr)
  return told?.type === 'failure' && (told.kind === 'auth' || told.kind === 'spend')
}

/** A run without an answer is not a "no", whatever its exit code. */
export function failureIn(
  client: AgentClient, { events, stderr }: Pick<AgentRun, 'events' | 'stderr'>, code: number | string | null = 0,
): AgentRun['failure'] {
  const inEvents = events.find((event) => event.type === 'failure')
  if (!inEvents && events.some(({ type }) => type === 'answered') && code === 0) return undefined
  const told = inEvents ?? client.readError?.(stderr)
  if (told?.type === 'failure') return { kind: told.kind, message: told.message }
  const last = stderr.trim().split('\n').at(-1) ?? ''
  return { kind: 'error', message: `${client.name} ended with ${code} and no answer${last && `: ${last.slice(0, 200)}`}` }
}

function inherited(client: AgentClient, { endpoint }: Setup): Record<string, string> {
  const names = ['PATH', 'LANG', 'TMPDIR', 'SSL_CERT_FILE', 'HTTPS_PROXY', ...(endpoint ? [] : client.credentials)]
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])))
}
