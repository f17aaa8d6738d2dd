import type { Protocol } from '../stub/model.ts'

export const agentNames = ['claude-code', 'codex', 'opencode', 'gemini'] as const
export type AgentName = (typeof agentNames)[number]

/** Where one run of a client takes place; nothing outside these folders is written. */
export interface Setup {
  /** Folder with the `node_modules` of the installed clients. */
  installed: string
  /** Private home: configuration, caches, sessions. */
  home: string
  /** The project in which the client starts. */
  project: string
  /** Base URL of the model server; the vendor's own when left out. */
  endpoint?: string
  /** Model to ask for; the client's default when left out. */
  model?: string
}

export interface Launch {
  file: string
  args: string[]
  env: Record<string, string>
}

/** Why a run says nothing about the skill. */
export const failures = ['timeout', 'rate-limit', 'auth', 'spend', 'error'] as const
export type Failure = (typeof failures)[number]

/** What a client did, read from its output; `id` joins a call with its result. */
export type ClientEvent =
  | { type: 'skill'; id: string; name: string }
  | { type: 'read'; id: string; path: string }
  | { type: 'shell'; id: string; command: string }
  | { type: 'result'; id: string; ok: boolean }
  | { type: 'usage'; input: number; output: number; cached: number; cost?: number }
  | { type: 'failure'; kind: Failure; message: string }
  | { type: 'answered' }

/** A real command-line agent. */
export interface AgentClient {
  name: AgentName
  /** npm package that brings it; its version is pinned in `install/package.json`. */
  package: string
  protocol: Protocol
  /** Folder for skills below the project. */
  skillsFolder: string
  /** Variables of the caller's environment that a run with the vendor's model needs. */
  credentials: string[]
  /** Write the configuration that a headless run needs into `home` and `project`. */
  configure(setup: Setup): void
  launch(setup: Setup, prompt: string): Launch
  /** Events in one line of standard output; none for a line that says nothing. */
  read(line: string): ClientEvent[]
  /** Failure in what it printed to standard error, for a client that reports it only there. */
  readError?(text: string): ClientEvent | undefined
}

/** JSON of a line, or `undefined` for progress text between the events. */
export function jsonOf(line: string): any {
  if (!line.startsWith('{')) return undefined
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}

/** The failure that a message tells of, from the status or the words in it. */
export function failureOf(message: string, status?: number): { type: 'failure'; kind: Failure; message: string } {
  const text = message.replace(/\s+/g, ' ').trim().slice(0, 300)
  const code = status ?? Number(/\b(401|402|403|429)\b/.exec(text)?.[1] ?? 0)
  if (/credit|billing|quota exceeded|insufficient|spend limit|payment required/i.test(text) || code === 402) return of('spend')
  if (code === 429 || /rate.?limit|too many requests|overloaded|resource_exhausted/i.test(text)) return of('rate-limit')
  if (code === 401 || code === 403 || /api key|authenticat|unauthori[sz]ed|log in|login/i.test(text)) return of('auth')
  return of('error')

  function of(kind: Failure) {
    return { type: 'failure' as const, kind, message: text }
  }
}
