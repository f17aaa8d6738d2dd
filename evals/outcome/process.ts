import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { resolve } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../scripts/core/free-port.ts'

const bin = resolve(import.meta.dirname, '../../node_modules/.bin')
const startLimit = 15_000

export interface Backend {
  url: string
  /** What it has printed so far, both streams. */
  output(): string
  fetch(path: string, init?: RequestInit): Promise<Response>
  /** Call a procedure; `body` is the parsed answer, `data` its result where it succeeded. */
  trpc(path: string, options?: Call): Promise<Answer>
  /** Send a signal to it and its children, and wait for the end; returns the exit code, null after a signal. */
  kill(signal?: NodeJS.Signals): Promise<number | null>
}

export interface Call {
  /** Input as a query, or `mutate` as a mutation. */
  input?: unknown
  mutate?: unknown
  token?: string
  headers?: Record<string, string>
  signal?: AbortSignal
}

export interface Answer {
  status: number
  headers: Headers
  text: string
  body: any
  data: any
}

/** Environment in which `bun`, `node` and the installed tools are found. */
export function toolEnvironment(extra: Record<string, string> = {}): NodeJS.ProcessEnv {
  const { PATH, HOME, TMPDIR } = process.env
  return { PATH: `${bin}:${PATH}`, HOME, ...(TMPDIR && { TMPDIR }), NO_COLOR: '1', ...extra }
}

/** Run a command in `folder` to its end. */
export async function run(
  folder: string, command: string[], env: Record<string, string> = {}, limit = 60_000,
): Promise<{ code: number | null; output: string }> {
  const child = spawn(command[0]!, command.slice(1), {
    cwd: folder, env: toolEnvironment(env), detached: true, stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk))
  const timer = setTimeout(() => killGroup(child.pid, 'SIGKILL'), limit)
  const [code] = await once(child, 'close')
  clearTimeout(timer)
  return { code, output }
}

/** Start the backend in `folder` with `bun run start` and wait until it answers. Throws with its output. */
export async function startBackend(folder: string, env: Record<string, string>): Promise<Backend> {
  const port = await freePort()
  const url = `http://127.0.0.1:${port}`
  const child = spawn('bun', ['run', 'start'], {
    cwd: folder, env: toolEnvironment({ ...env, PORT: String(port) }), detached: true, stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (printed += chunk))
  const ended = once(child, 'close').then(([code]) => code as number | null)
  let over = false
  void ended.then(() => (over = true))
  const kill: Backend['kill'] = async (signal = 'SIGTERM') => {
    if (!over) killGroup(child.pid, signal)
    return ended
  }
  const deadline = Date.now() + startLimit
  while (!(await answers(url))) {
    if (over) throw new Error(`the backend does not start: ${lastLines(printed)}`)
    if (Date.now() > deadline) {
      await kill('SIGKILL')
      throw new Error(`the backend does not answer within ${startLimit / 1000} s: ${lastLines(printed)}`)
    }
    await sleep(50)
  }
  return { url, output: () => printed, kill, fetch: (path, init) => fetch(url + path, init), trpc: caller(url) }
}

function caller(url: string): Backend['trpc'] {
  return async (path, { input, mutate, token, headers = {}, signal } = {}) => {
    const mutation = mutate !== undefined
    const query = input === undefined ? '' : `?input=${encodeURIComponent(JSON.stringify(input))}`
    const response = await fetch(`${url}/trpc/${path}${query}`, {
      method: mutation ? 'POST' : 'GET',
      headers: {
        ...(mutation && { 'content-type': 'application/json' }),
        ...(token && { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(mutation && { body: JSON.stringify(mutate) }),
      ...(signal && { signal }),
    })
    const text = await response.text()
    const body = parsed(text)
    return { status: response.status, headers: response.headers, text, body, data: body?.result?.data }
  }
}

function parsed(text: string): any {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

async function answers(url: string): Promise<boolean> {
  return fetch(`${url}/healthz`, { signal: AbortSignal.timeout(1000) }).then((response) => {
    void response.body?.cancel()
    return true
  }, () => false)
}

function killGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  try {
    process.kill(-pid!, signal)
  } catch {
    // Already gone.
  }
}

export function lastLines(text: string): string {
  return text.trim().split('\n').slice(-6).join(' | ').slice(-600)
}
