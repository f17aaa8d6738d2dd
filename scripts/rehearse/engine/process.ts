import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createWriteStream } from 'node:fs'

export interface Started {
  child: ChildProcess
  /** Resolves to the exit code; null when a signal ended it. */
  gone: Promise<number | null>
}

/** A process whose output goes to the file `log`, and which does not outlive this one. */
export function startProcess(
  command: string, args: string[],
  { log: file, ...options }: { env: NodeJS.ProcessEnv; cwd?: string; log: string; uid?: number; gid?: number },
): Started {
  const child = spawn(command, args, { ...options, stdio: ['ignore', 'pipe', 'pipe'] })
  const log = createWriteStream(file, { flags: 'a' })
  for (const stream of [child.stdout, child.stderr]) stream.pipe(log, { end: false })
  const gone = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code) => log.end(() => resolve(code)))
  })
  gone.catch(() => {})
  if (child.pid !== undefined) guard(child.pid, gone)
  return { child, gone }
}

/** Its stdin closes when this process ends in whatever way, and with it the other one. */
function guard(pid: number, gone: Promise<unknown>): void {
  const watcher = spawn('sh', ['-c', 'cat > /dev/null; kill -9 "$0" 2> /dev/null', String(pid)], {
    detached: true, stdio: ['pipe', 'ignore', 'ignore'],
  })
  watcher.unref()
  watcher.on('error', () => {})
  gone.catch(() => {}).finally(() => watcher.kill('SIGKILL'))
}

/** Ends a process and resolves to its exit code. */
export async function end({ child, gone }: Started, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode === null && child.signalCode === null) child.kill(signal)
  return gone
}
