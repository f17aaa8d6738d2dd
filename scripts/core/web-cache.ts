import { randomUUID } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'

const day = 24 * 60 * 60 * 1_000

/** Where answers are kept: beside the tool's own packages, never in the folder that is checked. */
export function cachePath(): string {
  const modules = join(import.meta.dirname, '../../node_modules')
  return existsSync(modules)
    ? join(modules, '.cache/backend-design/external-links.json')
    : join(tmpdir(), 'backend-design-external-links.json')
}

/** Addresses that answered within the last day. Dead ones are not kept, so that a repaired link is seen at once. */
export function readCache(path: string, now = Date.now()): Map<string, number> {
  try {
    const value: unknown = JSON.parse(readFileSync(path, 'utf8'))
    if (!value || typeof value !== 'object') return new Map()
    return new Map(Object.entries(value).filter(([, at]) => typeof at === 'number' && at <= now && now - at < day))
  } catch {
    return new Map()
  }
}

/** Write through a new file, so that a link planted at `path` is replaced and not followed. A failure is no matter. */
export function writeCache(path: string, answered: Map<string, number>): void {
  try {
    mkdirSync(dirname(path), { recursive: true })
    const draft = `${path}.${randomUUID()}`
    writeFileSync(draft, JSON.stringify(Object.fromEntries(answered)), { flag: 'wx' })
    renameSync(draft, path)
  } catch {
    // The next run asks again.
  }
}
