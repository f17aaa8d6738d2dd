import { once } from 'node:events'
import { createServer, type RequestListener } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { openEvents } from './events.ts'
import type { Backend } from './process.ts'

async function backendOf(listener: RequestListener): Promise<Backend> {
  const server = createServer(listener).listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(() => {
    server.closeAllConnections()
    server.close()
  })
  const { port } = server.address() as AddressInfo
  return { fetch: (path: string, init?: RequestInit) => fetch(`http://127.0.0.1:${port}${path}`, init) } as Backend
}

it('collects events over chunks, joins their data, and leaves comments out', async () => {
  const backend = await backendOf((_request, response) => {
    response.write(': ping\n\nid: 7\nevent: lead\nda')
    setTimeout(() => response.end('ta: a\ndata: b\n\ndata: c\r\n\r\n'), 50)
  })
  const stream = await openEvents(backend, '/', {})
  await expect.poll(stream.ended).toBe('closed')
  expect(stream.events).toEqual([{ event: 'lead', id: '7', data: 'a\nb' }, { event: 'message', data: 'c' }])
  expect(stream.bytesAt.length).toBeGreaterThan(0)
})

it('tells a stream that broke from one that was closed', async () => {
  const backend = await backendOf((_request, response) => {
    response.write('data: a\n\n')
    setTimeout(() => response.destroy(), 50)
  })
  const stream = await openEvents(backend, '/', {})
  await expect.poll(stream.ended).toBe('broken')
  expect(stream.events).toHaveLength(1)
})

it('rejects where no headers come', async () => {
  const backend = await backendOf(() => {})
  await expect(openEvents(backend, '/', {}, 100)).rejects.toThrow('no headers within 0.1 s')
})
