import { once } from 'node:events'
import { isIPv6 } from 'node:net'
import { setTimeout as wait } from 'node:timers/promises'
import { Worker } from 'node:worker_threads'
import { sibling } from './fast-start.ts'
import { guardStatus, isPublic, startGuard, type Guard, type GuardOptions } from './guard-proxy.ts'
import type { Answer, Ask } from './web-worker.ts'

export type Verdict =
  { state: 'alive' | 'refused' | 'unknown' } | { state: 'dead' | 'failing'; status: number } | { state: 'unreachable' }

export interface WebOptions extends GuardOptions {
  concurrency?: number
  retries?: number
  /** First pause before a retry; the second is twice as long. */
  pauseMs?: number
}

/** A server that answers so is there; it only refuses a robot, a method or a pace. */
const alive = [/^2\d\d$/, 401, 402, 403, 405, 406, 407, 412, 429, 451, 999]

/** Status of an address whose answer never came to an end. */
const hung = -1

/**
 * Ask for each of `urls` by markdown-link-check, every connection and every redirect hop through the guard.
 * The package takes no agent, but it asks the environment for a proxy at each request; so it runs in a thread
 * whose environment holds nothing but the guard. A request for a name that cannot exist proves first that
 * this still works.
 */
export async function checkWeb(urls: string[], options: WebOptions = {}): Promise<Map<string, Verdict>> {
  const { concurrency = 8, timeoutMs = 10_000, retries = 2, pauseMs = 500 } = options
  const verdicts = new Map<string, Verdict>()
  const guard = await startGuard({ ...options, timeoutMs })
  const asker = await startAsker(guard.url, timeoutMs)
  try {
    await proveGuarded(guard, asker)
    const queue = [...new Set(urls)]
    await Promise.all(
      Array.from({ length: concurrency }, async () => {
        for (let url = queue.shift(); url !== undefined; url = queue.shift()) {
          verdicts.set(url, await checkOne(url, asker, retries, pauseMs))
        }
      }),
    )
  } finally {
    await asker.close()
    await guard.close()
  }
  return verdicts
}

interface Asker {
  ask(url: string): Promise<number>
  close(): Promise<unknown>
}

async function startAsker(proxy: string, timeoutMs: number): Promise<Asker> {
  const waiting = new Map<number, (status: number) => void>()
  const worker = new Worker(sibling('web-worker', import.meta.url), {
    env: { http_proxy: proxy, https_proxy: proxy, all_proxy: proxy },
    stdout: true,
    stderr: true,
  })
  const answer = ({ id, status }: Answer) => {
    waiting.get(id)?.(status)
    waiting.delete(id)
  }
  const giveUp = () => {
    for (const id of waiting.keys()) answer({ id, status: hung })
  }
  await once(worker, 'message')
  worker.on('message', answer).on('error', giveUp).on('exit', giveUp)
  let next = 0
  return {
    ask(url) {
      const id = next++
      worker.postMessage({ id, url, timeoutMs } satisfies Ask)
      const timer = setTimeout(() => answer({ id, status: hung }), 3 * timeoutMs)
      return new Promise<number>((resolve) => waiting.set(id, resolve)).finally(() => clearTimeout(timer))
    },
    close: () => worker.terminate(),
  }
}

async function proveGuarded({ seen }: Guard, { ask }: Asker): Promise<void> {
  const schemes = ['http', 'https']
  await Promise.all(schemes.map((scheme) => ask(`${scheme}://guard-${scheme}.invalid/`)))
  if (!schemes.every((scheme) => seen.has(`guard-${scheme}.invalid`))) {
    throw new Error('markdown-link-check goes past the address guard; nothing was checked')
  }
}

async function checkOne(url: string, { ask }: Asker, retries: number, pauseMs: number): Promise<Verdict> {
  if (!isFaithful(url)) return { state: isRefusedLiteral(url) ? 'refused' : 'unknown' }
  let verdict: Verdict = { state: 'unreachable' }
  for (let attempt = 0; attempt <= retries; attempt++) {
    if (attempt > 0) await wait(pauseMs * 2 ** (attempt - 1))
    const status = await ask(url)
    verdict = verdictOf(status)
    if (status === hung || (verdict.state !== 'unreachable' && verdict.state !== 'failing')) break
  }
  return verdict
}

/** link-check decodes and encodes the address again; where that makes another address, its answer says nothing. */
function isFaithful(url: string): boolean {
  try {
    return encodeURI(decodeURIComponent(url)) === url
  } catch {
    return false
  }
}

/** IPv6 addresses are among those that link-check spoils. */
function isRefusedLiteral(url: string): boolean {
  const host = new URL(url).hostname.replace(/^\[|\]$/g, '')
  return isIPv6(host) && !isPublic(host)
}

function verdictOf(status: number): Verdict {
  if (alive.some((known) => (typeof known === 'number' ? known === status : known.test(String(status)))))
    return { state: 'alive' }
  if (status === guardStatus.refused) return { state: 'refused' }
  if ([guardStatus.unreachable, 0, hung].includes(status)) return { state: 'unreachable' }
  if (status === 404 || status === 410) return { state: 'dead', status }
  return { state: 'failing', status }
}
