import { lookup as systemLookup } from 'node:dns'
import { createServer, request, type IncomingMessage, type ServerResponse } from 'node:http'
import { BlockList, connect, isIP, type AddressInfo, type LookupFunction, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'

const privateRanges = new BlockList()
for (const range of [
  '0.0.0.0/8',
  '10.0.0.0/8',
  '100.64.0.0/10',
  '127.0.0.0/8',
  '169.254.0.0/16',
  '172.16.0.0/12',
  '192.0.0.0/24',
  '192.0.2.0/24',
  '192.88.99.0/24',
  '192.168.0.0/16',
  '198.18.0.0/15',
  '198.51.100.0/24',
  '203.0.113.0/24',
  '224.0.0.0/4',
  '240.0.0.0/4',
]) {
  addRange(privateRanges, range, 'ipv4')
}
for (const range of ['2001::/23', '2001:db8::/32', '2002::/16', '3fff::/20']) addRange(privateRanges, range, 'ipv6')
const globalUnicast = new BlockList()
addRange(globalUnicast, '2000::/3', 'ipv6')

function addRange(list: BlockList, range: string, family: 'ipv4' | 'ipv6'): void {
  const [address, bits] = range.split('/') as [string, string]
  list.addSubnet(address, Number(bits), family)
}

/**
 * Whether `address` belongs to the public internet. Everything else is refused: loopback, link-local, private,
 * shared (CGNAT), unique local, multicast, reserved, and IPv6 forms that carry an IPv4 address.
 */
export function isPublic(address: string): boolean {
  const plain = address.replace(/%.*$/, '')
  if (isIP(plain) === 4) return !privateRanges.check(plain, 'ipv4')
  return isIP(plain) === 6 && globalUnicast.check(plain, 'ipv6') && !privateRanges.check(plain, 'ipv6')
}

/** Statuses with which the guard answers itself; no server on the web sends them. */
export const guardStatus = { refused: 470, unreachable: 471 }

export interface GuardOptions {
  /** Decides on each address before it is connected. */
  isAllowed?: (address: string, port: number) => boolean
  lookup?: LookupFunction
  timeoutMs?: number
}

export interface Guard {
  url: string
  /** Hosts that were asked for, to prove that a request came this way. */
  seen: Set<string>
  close(): Promise<void>
}

class Refused extends Error {}

/**
 * Start a proxy on a loopback port that connects to public addresses only. It resolves each name itself and
 * connects to just the addresses that it has checked, so neither a redirect nor a second DNS answer gets past it.
 * Answers to plain requests carry the status and `location`, no more.
 */
export async function startGuard({
  isAllowed = isPublic,
  lookup = systemLookup as LookupFunction,
  timeoutMs = 10_000,
}: GuardOptions = {}): Promise<Guard> {
  const sockets = new Set<Duplex>()
  const seen = new Set<string>()
  const keep = <T extends Duplex>(socket: T): T => {
    sockets.add(socket)
    socket.once('close', () => sockets.delete(socket))
    socket.on('error', () => socket.destroy())
    return socket
  }
  const open = (host: string, port: number): Socket => {
    seen.add(host.toLowerCase())
    if (host.endsWith('.invalid')) throw new Error('a name that never exists')
    if (isIP(host) !== 0 && !isAllowed(host, port)) throw new Refused(host)
    const socket = connect({ host, port, lookup: checkedLookup(lookup, (address) => isAllowed(address, port)) })
    socket.setTimeout(timeoutMs, () => socket.destroy(new Error('timeout')))
    return keep(socket)
  }
  const server = createServer((incoming, outgoing) => forward(incoming, outgoing, open))
  server.on('connection', keep)
  server.on('connect', (incoming: IncomingMessage, client: Duplex) => tunnel(incoming, client, open))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  server.unref()
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        for (const socket of sockets) socket.destroy()
      }),
  }
}

/** Resolve all addresses of a name and fail if one of them is refused: a public name has no private address. */
function checkedLookup(lookup: LookupFunction, isAllowed: (address: string) => boolean): LookupFunction {
  return (hostname, options, callback) => {
    lookup(hostname, { ...options, all: true }, (error, found) => {
      if (error) return callback(error, '', 0)
      const addresses = Array.isArray(found) ? found : [{ address: found, family: isIP(found) }]
      if (addresses.length === 0 || !addresses.every(({ address }) => isAllowed(address)))
        return callback(new Refused(hostname), '', 0)
      if (options.all) return callback(null, addresses)
      callback(null, addresses[0]!.address, addresses[0]!.family)
    })
  }
}

type Open = (host: string, port: number) => Socket

function forward(incoming: IncomingMessage, outgoing: ServerResponse, open: Open): void {
  const fail = (error: unknown) => {
    if (!outgoing.headersSent)
      outgoing.writeHead(error instanceof Refused ? guardStatus.refused : guardStatus.unreachable)
    outgoing.end()
  }
  try {
    const url = new URL(incoming.url ?? '')
    if (url.protocol !== 'http:') throw new Refused(url.protocol)
    const socket = open(bareHost(url.hostname), Number(url.port || 80))
    const { 'proxy-connection': _, 'proxy-authorization': __, ...headers } = incoming.headers
    const upstream = request({
      method: incoming.method,
      path: url.pathname + url.search,
      headers: { ...headers, host: url.host, connection: 'close' },
      createConnection: () => socket,
    })
    upstream.on('error', fail)
    upstream.on('close', () => fail(undefined))
    upstream.on('response', (answer) => {
      const { location } = answer.headers
      if (location !== undefined && !isFollowable(location, url)) fail(new Refused(location))
      else
        outgoing
          .writeHead(answer.statusCode!, { connection: 'close', ...(location !== undefined && { location }) })
          .end()
      answer.destroy()
    })
    upstream.end()
  } catch (error) {
    fail(error)
  }
}

/** needle throws on other schemes and cannot read IPv6 addresses, so these redirects end here. */
function isFollowable(location: string, base: URL): boolean {
  if (!URL.canParse(location, base)) return true
  const { protocol, hostname } = new URL(location, base)
  return (
    (protocol === 'http:' || protocol === 'https:') && (isIP(bareHost(hostname)) !== 6 || isPublic(bareHost(hostname)))
  )
}

function tunnel(incoming: IncomingMessage, client: Duplex, open: Open): void {
  const fail = (error: unknown) => {
    const status = error instanceof Refused ? guardStatus.refused : guardStatus.unreachable
    client.end(`HTTP/1.1 ${status} Guard\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`)
  }
  try {
    const url = new URL(`http://${incoming.url}`)
    const upstream = open(bareHost(url.hostname), Number(url.port || 80))
    upstream.once('error', fail)
    upstream.once('connect', () => {
      upstream.off('error', fail)
      client.write('HTTP/1.1 200 Connection established\r\n\r\n')
      upstream.pipe(client).pipe(upstream)
    })
    client.once('close', () => upstream.destroy())
    upstream.once('close', () => client.end())
  } catch (error) {
    fail(error)
  }
}

function bareHost(hostname: string): string {
  return hostname.replace(/^\[|\]$/g, '')
}
