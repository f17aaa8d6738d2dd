import { mkdirSync, mkdtempSync, realpathSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Setup } from './agent.ts'

/** Do `work` with a private home and an empty project, which are gone afterwards. */
export async function inFreshPlace<T>(work: (place: Pick<Setup, 'home' | 'project'>) => Promise<T>): Promise<T> {
  const root = realpathSync(mkdtempSync(join(tmpdir(), 'agent-')))
  const place = { home: join(root, 'home'), project: join(root, 'project') }
  try {
    for (const folder of Object.values(place)) mkdirSync(folder)
    return await work(place)
  } finally {
    rmSync(root, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 })
  }
}
