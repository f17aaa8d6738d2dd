import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A provider on a real port that knows idempotency keys, and answers 429 while it is told to. */
export async function startProvider() {
  const effects = new Map<string, string>()
  const calls: { key: string; status: number; at: number }[] = []
  let refusing = false
  const server = createServer((request, response) => {
    let body = ''
    request.on('data', (chunk) => { body += chunk })
    request.on('end', () => {
      const key = String(request.headers['idempotency-key'])
      const status = refusing ? 429 : 200
      calls.push({ key, status, at: performance.now() })
      if (refusing) return response.writeHead(429, { 'retry-after': '1' }).end()
      if (!effects.has(key)) effects.set(key, body)
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ id: `mail_${key}` }))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    effects,
    calls,
    refuse(on: boolean) { refusing = on },
    stop() {
      server.close()
      server.closeAllConnections()
    },
  }
}
