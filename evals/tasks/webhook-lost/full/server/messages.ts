import { env } from './env.ts'

/** Send a text message through the provider, which sends one `key` once. */
export async function sendMessage(to: string, text: string, key: string) {
  const response = await fetch(`${env.MESSAGES_URL}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'idempotency-key': key },
    body: JSON.stringify({ to, text }),
    signal: AbortSignal.timeout(5_000),
  })
  if (!response.ok) throw new Error(`messages: ${response.status}`)
  return (await response.json()) as { id: string }
}
