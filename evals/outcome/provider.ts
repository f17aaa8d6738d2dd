import { once } from 'node:events'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'

export interface Received {
  /** Milliseconds since the epoch. */
  at: number
  method: string
  path: string
  headers: IncomingHttpHeaders
  body: string
}

/** `hang` accepts the request and never answers. */
export type Reply = 'hang' | { status: number; body?: unknown; headers?: Record<string, string>; delay?: number }

export interface Provider {
  url: string
  received: Received[]
  /** What answers request number `index` (from 0); at first 200 with an id. */
  reply: (request: Received, index: number) => Reply
  stop(): Promise<void>
}

/** A provider on loopback that records what it is sent and answers as told. */
export async function startProvider(): Promise<Provider> {
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const { method = '', url: path = '', headers } = request
    const received = { at: Date.now(), method, path, headers, body }
    provider.received.push(received)
    const reply = provider.reply(received, provider.received.length - 1)
    if (reply === 'hang') return
    if (reply.delay) await sleep(reply.delay)
    response.writeHead(reply.status, { 'content-type': 'application/json', ...reply.headers })
    response.end(typeof reply.body === 'string' ? reply.body : JSON.stringify(reply.body ?? {}))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const provider: Provider = {
    url: `http://127.0.0.1:${port}`,
    received: [],
    reply: (_request, index) => ({ status: 200, body: { id: `msg_${index + 1}` } }),
    async stop() {
      server.closeAllConnections()
      server.close()
      await once(server, 'close')
    },
  }
  return provider
}
