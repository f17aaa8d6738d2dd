import { createServer, type AddressInfo, type Server } from 'node:net'
import { onTestFinished } from 'vitest'

/** Let `server` listen on a free port of `host` until the test ends. */
export async function listening(server: Server, host: string): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  onTestFinished(() => {
    server.close()
  })
  return (server.address() as AddressInfo).port
}

/** A listener that counts connections, on loopback of both families. */
export async function trap(): Promise<{ port: number; connections: () => number }> {
  let count = 0
  const port = await listening(
    createServer((socket) => {
      count++
      socket.destroy()
    }),
    '::',
  )
  return { port, connections: () => count }
}
