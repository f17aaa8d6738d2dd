import { execFile } from 'node:child_process'
import { readdir, readFile } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'

const patience = 700

/**
 * End a process, its group, its descendants, and on Linux whatever carries `marker` in its environment
 * although it has left the tree. They are asked first and killed 0.7 s later. Resolves when none is left.
 */
export async function endTree(pid: number | undefined, marker: string): Promise<void> {
  if (pid === undefined) return
  const first = await members(pid, marker)
  send(-pid, 'SIGTERM')
  first.forEach((one) => send(one, 'SIGTERM'))
  const deadline = Date.now() + patience
  while (Date.now() < deadline) {
    if ((await members(pid, marker, first)).length === 0) return
    await sleep(50)
  }
  send(-pid, 'SIGKILL')
  for (const one of await members(pid, marker, first)) send(one, 'SIGKILL')
}

async function members(pid: number, marker: string, before: number[] = []): Promise<number[]> {
  const found = new Set([...(await descendants(pid, before)), ...(await marked(marker))])
  found.delete(process.pid)
  return [...found]
}

async function descendants(root: number, before: number[]): Promise<number[]> {
  const { stdout } = await promisify(execFile)('ps', ['-A', '-o', 'pid=,ppid=,pgid=,stat=']).catch(() => ({ stdout: '' }))
  const rows = stdout.trim().split('\n').map((line) => line.trim().split(/\s+/))
    .filter(([, , , state]) => state && !state.startsWith('Z'))
    .map(([pid, parent, group]) => ({ pid: Number(pid), parent: Number(parent), group: Number(group) }))
  const found = new Set(rows.filter(({ pid, group }) => pid === root || group === root || before.includes(pid)).map(({ pid }) => pid))
  for (let size = -1; size !== found.size; ) {
    size = found.size
    for (const { pid, parent } of rows) if (found.has(parent)) found.add(pid)
  }
  return [...found]
}

async function marked(marker: string): Promise<number[]> {
  if (process.platform !== 'linux') return []
  const ids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name))
  const found = await Promise.all(ids.map(async (id) => {
    const environment = await readFile(`/proc/${id}/environ`, 'latin1').catch(() => '')
    return environment.includes(marker) ? [Number(id)] : []
  }))
  return found.flat()
}

function send(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal)
  } catch {
    // Already gone.
  }
}
