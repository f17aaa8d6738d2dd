import { spawn } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { PlacedFence } from '../documents.ts'

/** Variables of a command; undefined takes one away. */
export type Variables = Record<string, string | undefined>

/** A command's whole output, stdout and stderr as they came. */
export interface Outcome {
  code: number
  output: string
}

/**
 * Execute one fence in `folder`: `path=` is written, `merge=` is merged into that JSON file, `sh` is run by Bash, which
 * stops at the first failure. Gives the output. Throws `references/x.md:12 reason` when it fails or says nothing.
 */
export async function execute(fence: PlacedFence, folder: string, variables: Variables = {}): Promise<string> {
  const { attributes: { path, merge }, lang, node: { value }, place } = fence
  if (path) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), `${value}\n`)
    return ''
  }
  if (merge) {
    const file = join(folder, merge)
    const result = mergeOf(JSON.parse(readFileSync(file, 'utf8')), JSON.parse(value))
    writeFileSync(file, `${JSON.stringify(result, null, 2)}\n`)
    return ''
  }
  if (lang !== 'sh') throw new Error(`${place} says neither path= nor merge=, and ${lang || 'text'} cannot be run`)
  const { code, output } = await bash(value, folder, variables)
  if (code !== 0) throw new Error(`${place} ends with ${code}: ${output.slice(-3_000)}`)
  return output
}

/** Run `script` as the guide's reader would: strict Bash, no CI of ours, no telemetry, no daemon. */
export function bash(script: string, folder: string, variables: Variables = {}): Promise<Outcome> {
  return run(['bash', '--norc', '-euo', 'pipefail', '-c', script], folder, variables)
}

/** Run a command in `folder` and wait for its end. */
export function run([command, ...args]: string[], folder: string, variables: Variables = {}): Promise<Outcome> {
  const child = spawn(command!, args, { cwd: folder, env: environment(variables), stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.setEncoding('utf8').on('data', (text) => (output += text))
  return new Promise((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code, signal) => resolve({ code: code ?? 1, output: signal ? `${output}\n${signal}` : output }))
  })
}

/** This process's environment without what npm and the test runner put there: the guide must not lean on either. */
export function environment(variables: Variables): Variables {
  const inherited = Object.entries(process.env)
    .filter(([name]) => !/^(npm_|VITEST|TURBO_|NODE_ENV$|NODE_OPTIONS$|DATABASE_|DIRECT_|GIT_)/.test(name))
  return {
    ...Object.fromEntries(inherited),
    GIT_AUTHOR_NAME: 'guide', GIT_AUTHOR_EMAIL: 'guide@example.com',
    GIT_COMMITTER_NAME: 'guide', GIT_COMMITTER_EMAIL: 'guide@example.com',
    CI: '1', NO_COLOR: '1', TURBO_TELEMETRY_DISABLED: '1', DO_NOT_TRACK: '1',
    ...variables,
  }
}

type Json = Record<string, unknown>

function mergeOf(into: Json, from: Json): Json {
  const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
  const changed = Object.entries(from).map(([key, value]) => {
    const old = into[key]
    return [key, isObject(old) && isObject(value) ? mergeOf(old, value) : value]
  })
  return { ...into, ...Object.fromEntries(changed) }
}
