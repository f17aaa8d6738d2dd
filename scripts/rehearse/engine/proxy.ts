import { once } from 'node:events'
import { connect, createServer, type AddressInfo, type Socket } from 'node:net'

export interface Proxy {
  port: number
  /** New connections wait this long before they reach the target. */
  delay(ms: number): void
  /** New connections are cut; running ones stay. */
  drop(on: boolean): void
  /** Ends every running connection. */
  cut(): void
  stop(): Promise<void>
}

/** A TCP door before a local `port`, which breaks as a network does. */
export async function startProxy(port: number): Promise<Proxy> {
  const sockets = new Set<Socket>()
  let delayMs = 0
  let dropping = false
  const keep = (socket: Socket) => {
    sockets.add(socket)
    socket.on('error', () => socket.destroy())
    socket.on('close', () => sockets.delete(socket))
  }
  const server = createServer((client) => {
    keep(client)
    if (dropping) return client.resetAndDestroy()
    setTimeout(() => {
      if (client.destroyed) return
      const target = connect(port, '127.0.0.1')
      keep(target)
      client.on('close', () => target.destroy())
      target.on('close', () => client.destroy())
      client.pipe(target).pipe(client)
    }, delayMs)
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const cut = () => sockets.forEach((socket) => socket.destroy())
  return {
    port: (server.address() as AddressInfo).port,
    delay(ms) { delayMs = ms },
    drop(on) { dropping = on },
    cut,
    async stop() {
      server.close()
      cut()
    },
  }
}
