import { env } from './env.ts'

/** Send a text message through the provider. */
export async function sendMessage(to: string, text: string) {
  const response = await fetch(`${env.MESSAGES_URL}/messages`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ to, text }),
  })
  if (!response.ok) throw new Error(`messages: ${response.status} ${await response.text()}`)
  return (await response.json()) as { id: string }
}
