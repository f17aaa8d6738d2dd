import { spawn } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

/** What one run of a tool on a set came to. */
export interface Run {
  seconds: number
  output: string
  /** Peak resident memory of the largest process, in MB; only when a probe was asked for. */
  peakMb?: number
  /** Processor time of all processes, with a probe: steadier than the clock on a busy machine. */
  cpuSeconds?: number
  /** Why the run does not count. */
  failure?: string
}

const timeout = 300_000

/** Preloaded into a process, writes what it used to `$BENCH_USED/<process id>`. */
export const probeSource = `import { writeFileSync } from 'node:fs'
import { isMainThread } from 'node:worker_threads'

if (isMainThread) process.once('exit', () => {
  const { maxRSS, userCPUTime, systemCPUTime } = process.resourceUsage()
  const used = { peakMb: maxRSS / 1_024, cpuSeconds: (userCPUTime + systemCPUTime) / 1e6 }
  writeFileSync(\`\${process.env.BENCH_USED}/\${process.pid}\`, JSON.stringify(used))
})
`

/**
 * Run the processes of `commands` one after the other in `cwd` and time them together. With `probe`
 * (a folder that holds `probe.mjs`) their peak memory and processor time are read too, which costs some time.
 */
export async function run(node: string, commands: string[][], cwd: string, probe?: string): Promise<Run> {
  const env: NodeJS.ProcessEnv = { ...process.env, NO_COLOR: '1' }
  delete env.NODE_OPTIONS
  delete env.FORCE_COLOR
  if (probe) Object.assign(env, { NODE_OPTIONS: `--import=${join(probe, 'probe.mjs')}`, BENCH_USED: probe })
  const all: Run = { seconds: 0, output: '' }
  for (const args of commands) {
    const one = await runProcess(node, args, cwd, env)
    all.seconds += one.seconds
    all.output += one.output
    if (one.failure) return { ...all, failure: one.failure }
    const used = probe ? usedBy(probe, one.pid) : undefined
    if (!used) continue
    all.peakMb = Math.max(all.peakMb ?? 0, used.peakMb)
    all.cpuSeconds = (all.cpuSeconds ?? 0) + used.cpuSeconds
  }
  return all
}

function runProcess(node: string, args: string[], cwd: string, env: NodeJS.ProcessEnv): Promise<Run & { pid: number }> {
  return new Promise((resolve) => {
    const started = performance.now()
    const child = spawn(node, args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'], timeout })
    let output = ''
    const end = (failure?: string) => resolve({
      seconds: (performance.now() - started) / 1_000, output, pid: child.pid ?? 0, ...(failure && { failure }),
    })
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding('utf8').on('data', (part) => { output += part })
    }
    child.once('error', (error) => end(error.message))
    child.once('close', (code, signal) => {
      const late = performance.now() - started >= timeout
      if (signal) end(late ? `took more than ${timeout / 1_000} s` : `ended by ${signal}`)
      else end(code! > 2 ? `exit code ${code}: ${output.trim().split('\n').at(-1)}` : undefined)
    })
  })
}

function usedBy(folder: string, pid: number): { peakMb: number; cpuSeconds: number } | undefined {
  const file = join(folder, String(pid))
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined
}
