import { z } from 'zod'
import { env } from './env.ts'

const TIMEOUT_MS = 4_000
const Answer = z.object({ id: z.string() })

/** Why a message was not sent; `waitMs` is how long the provider asks to wait. */
export class MessageError extends Error {
  readonly retry: boolean
  readonly waitMs: number
  constructor(message: string, retry: boolean, waitMs = 0) {
    super(message)
    this.retry = retry
    this.waitMs = waitMs
  }
}

/** One attempt at a WhatsApp message; the provider sends one `key` once. Throws `MessageError`. */
export async function sendMessage(to: string, text: string, key: string) {
  const response = await fetch(`${env.MESSAGES_URL}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ to, text }),
    redirect: 'manual',
    signal: AbortSignal.timeout(TIMEOUT_MS),
  }).catch((error) => {
    throw new MessageError(`messages: ${error.name}`, true)
  })
  const { status } = response
  if (!response.ok) {
    void response.body?.cancel()
    const seconds = Number(response.headers.get('retry-after') ?? 0)
    const retry = status === 429 || status === 408 || status >= 500
    throw new MessageError(`messages: ${status}`, retry, Number.isFinite(seconds) ? seconds * 1000 : 60_000)
  }
  const answer = Answer.safeParse(await response.json().catch(() => null))
  if (!answer.success) throw new MessageError('messages: unreadable answer', true)
  return answer.data
}
