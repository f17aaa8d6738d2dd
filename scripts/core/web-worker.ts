import { parentPort } from 'node:worker_threads'
// @ts-expect-error the package has no types
import markdownLinkCheck from 'markdown-link-check'

/** Thread that asks for one address per message; its environment names the guard as proxy. */
export interface Ask {
  id: number
  url: string
  timeoutMs: number
}

/** The status, 0 without an answer. */
export interface Answer {
  id: number
  status: number
}

// needle throws on a redirect to another scheme where nobody can catch it; the asker's timer ends the wait.
process.on('uncaughtException', () => {})

parentPort!.on('message', ({ id, url, timeoutMs }: Ask) => {
  const answer = (status: number) => parentPort!.postMessage({ id, status } satisfies Answer)
  const options = { ignoreDisable: true, timeout: `${timeoutMs}ms`, open_timeout: `${timeoutMs}ms`, maxRedirects: 8 }
  try {
    markdownLinkCheck(`<${url}>`, options, (error: Error | null, results: { statusCode: number }[]) =>
      answer(error ? 0 : (results[0]?.statusCode ?? 0)),
    )
  } catch {
    answer(0)
  }
})
parentPort!.postMessage('ready')
