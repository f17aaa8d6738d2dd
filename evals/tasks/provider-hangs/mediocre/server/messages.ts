import { env } from './env.ts'

const ATTEMPTS = 3
const TIMEOUT_MS = 3_000

/** Send a WhatsApp message through the provider; an attempt ends after three seconds. */
export async function sendMessage(to: string, text: string) {
  let failure = ''
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    const response = await fetch(`${env.MESSAGES_URL}/messages`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ to, text }),
      signal: AbortSignal.timeout(TIMEOUT_MS),
    })
    if (response.ok) return (await response.json()) as { id: string }
    failure = `${response.status} ${await response.text()}`
  }
  throw new Error(`messages: ${failure}`)
}
