import { execFile } from 'node:child_process'
import semver from 'semver'

export interface Release {
  /** The version that `npm install` would take now. */
  latest: string
  /** When it was released, `2026-11-16`; undefined when the registry does not say. */
  released: string | undefined
  /** Whether the pinned version can still be installed. */
  isPinnedThere: boolean
}

/** The registry could not be asked, or what came is no answer: nothing is known about any package. */
export class RegistryError extends Error {}

const unreachable = /^(?:ECONN|ENOTFOUND|EAI_AGAIN|ETIMEDOUT|EHOSTUNREACH|ENETUNREACH|ERR_SOCKET|FETCH_ERROR|E5\d\d|ENOTCACHED|IDLE_TIMEOUT)/

/**
 * Ask the registry that npm is configured for (.npmrc, proxy, credentials) about a package. Gives undefined when it
 * has no such package, or no longer. Throws `RegistryError` when there is no usable answer within `timeout` milliseconds.
 */
export async function releaseOf(name: string, pinned: string, timeout: number): Promise<Release | undefined> {
  const { answer, failed } = await npmView(name, timeout)
  const code = answer?.error?.code
  if (code === 'E404') return undefined
  if (failed && typeof code === 'string') {
    const reason = unreachable.test(code) ? 'the registry cannot be reached' : 'npm cannot read the registry'
    throw new RegistryError(`${reason} (${code} for ${name}); check the network and npm config get registry`)
  }
  const latest = answer?.['dist-tags']?.latest
  if (typeof latest !== 'string' || !semver.valid(latest) || !answer?.versions)
    throw new RegistryError(`the registry gives no usable answer for ${name}; check npm config get registry`)
  const time = answer.time?.[latest]
  return {
    latest,
    released: typeof time === 'string' && /^\d{4}-\d\d-\d\d/.test(time) ? time.slice(0, 10) : undefined,
    isPinnedThere: [answer.versions].flat().includes(pinned),
  }
}

interface Answer {
  error?: { code?: unknown }
  'dist-tags'?: { latest?: unknown }
  versions?: unknown
  time?: Record<string, unknown>
}

function npmView(name: string, timeout: number): Promise<{ answer: Answer | undefined; failed: boolean }> {
  const args = ['view', name, 'dist-tags', 'versions', 'time', '--json', '--fetch-retries=0', `--fetch-timeout=${timeout}`]
  return new Promise((resolve, reject) => {
    execFile('npm', args, { maxBuffer: 1e8, timeout: timeout + 10_000 }, (error, stdout) => {
      if (error && (error as NodeJS.ErrnoException).code === 'ENOENT') reject(new RegistryError('npm is not installed; install Node with npm'))
      else if (error?.killed) reject(new RegistryError(`the registry does not answer within ${(timeout + 10_000) / 1000} s (${name}); check the network`))
      else resolve({ answer: parsed(stdout), failed: error !== null })
    })
  })
}

function parsed(text: string): Answer | undefined {
  try {
    const value = JSON.parse(text)
    return value && typeof value === 'object' ? value : undefined
  } catch {
    return undefined
  }
}
