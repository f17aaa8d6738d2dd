import { afterAll } from 'bun:test'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { appendFileSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { end, freePort } from './servers'
import { testVariables } from './start'

/** Coverage sees this process only, so what ran in one of its own is written beside the report. */
function noteProcess(source: string) {
  const folder = join(import.meta.dir, '../coverage')
  mkdirSync(folder, { recursive: true })
  appendFileSync(join(folder, 'processes.txt'), `${source}\n`)
}

export type Serving = Awaited<ReturnType<typeof startServing>>

/** `server/main.ts` in a process of its own, as deployed; resolves when it is ready to serve. */
export async function startServing(variables: Record<string, string>) {
  const port = await freePort()
  const child = spawn(process.execPath, [join(import.meta.dir, '../server/main.ts')], {
    env: { PATH: process.env.PATH, ...testVariables, LOG_LEVEL: 'error', PORT: String(port), ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  // Its stdin closes when this process ends in whatever way, and with it the instance.
  const script = 'cat > /dev/null; kill -9 "$0" 2> /dev/null'
  const guard = spawn('sh', ['-c', script, String(child.pid)], {
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  guard.unref()
  let output = ''
  const keep = (chunk: Buffer) => {
    output = (output + chunk).slice(-10_000)
  }
  child.stdout.on('data', keep)
  child.stderr.on('data', keep)
  const url = `http://127.0.0.1:${port}`
  const gone = once(child, 'exit').then(() => {
    guard.kill('SIGKILL')
    throw new Error(`ended: ${output}`)
  })
  gone.catch(() => {})
  afterAll(() => end(child, 'SIGKILL'))
  const ready = async () => (await fetch(`${url}/health/ready`).catch(() => null))?.ok
  while (!(await Promise.race([ready(), gone]))) await Bun.sleep(20)
  noteProcess('server/main.ts')
  return {
    url,
    /** SIGSTOP makes a process that is paused, as by a busy host; SIGCONT lets it go on where it was. */
    signal: (signal: NodeJS.Signals) => child.kill(signal),
    /** Resolves to the exit code when the process is gone. */
    async end(signal: NodeJS.Signals) {
      await end(child, signal)
      return child.exitCode
    },
  }
}
