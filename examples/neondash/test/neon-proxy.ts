import { connect, type Socket } from 'node:net'
import type { neonConfig } from '@neondatabase/serverless'
import type { ServerWebSocket } from 'bun'
import pg from 'pg'

interface Statement {
  query: string
  params?: unknown[]
}
interface Tunnel {
  socket?: Socket
}

const ISOLATION: Record<string, string> = {
  ReadUncommitted: 'read uncommitted',
  ReadCommitted: 'read committed',
  RepeatableRead: 'repeatable read',
  Serializable: 'serializable',
}
/** Values leave as PostgreSQL's text; the driver parses them, as with Neon. */
const types = { getTypeParser: () => (value: string) => value }

/** Stands in for Neon's two front doors, SQL over HTTP and WebSocket, before any PostgreSQL. */
export function startNeonProxy(target: { host: string; port: number }) {
  const stats = { http: 0, webSocket: 0 }
  const pools = new Map<string, pg.Pool>()
  const tunnels = new Set<ServerWebSocket<Tunnel>>()
  let delayMs = 0

  function poolFor(connectionString: string): pg.Pool {
    const url = new URL(connectionString)
    url.hostname = target.host
    url.port = String(target.port)
    url.search = ''
    const known = pools.get(url.href)
    if (known) return known
    const pool = new pg.Pool({ connectionString: url.href, max: 5 })
    pool.on('error', () => {})
    pools.set(url.href, pool)
    return pool
  }

  async function answer(request: Request): Promise<Response> {
    stats.http++
    await Bun.sleep(delayMs)
    const body = (await request.json()) as Statement | { queries: Statement[] }
    const client = await poolFor(request.headers.get('neon-connection-string')!).connect()
    try {
      if (!('queries' in body)) return Response.json(await run(client, body))
      return Response.json({ results: await runTogether(client, body.queries, request.headers) })
    } catch (error) {
      const { message, code, detail, constraint, table, severity } = error as pg.DatabaseError
      return Response.json({ message, code, detail, constraint, table, severity }, { status: 400 })
    } finally {
      client.release()
    }
  }

  const server = Bun.serve<Tunnel>({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 0,
    async fetch(request, server) {
      if (new URL(request.url).pathname === '/sql') return answer(request)
      if (server.upgrade(request, { data: {} })) return undefined
      return new Response('expected a WebSocket', { status: 400 })
    },
    websocket: {
      open(ws) {
        stats.webSocket++
        tunnels.add(ws)
        const socket = connect(target)
        socket.on('data', (chunk) => ws.send(chunk))
        socket.on('close', () => ws.close())
        socket.on('error', () => ws.close())
        ws.data.socket = socket
      },
      message(ws, message) {
        ws.data.socket?.write(message)
      },
      close(ws) {
        tunnels.delete(ws)
        ws.data.socket?.destroy()
      },
    },
  })

  return {
    stats,
    /** Points the driver here; it has one configuration per process. */
    configure(config: typeof neonConfig) {
      config.fetchEndpoint = `http://127.0.0.1:${server.port}/sql`
      config.wsProxy = () => `127.0.0.1:${server.port}/v1`
      config.useSecureWebSocket = false
      config.pipelineConnect = false
      config.pipelineTLS = false
    },
    /** Every HTTP statement waits this long, as for a compute that wakes up. */
    delay(ms: number) {
      delayMs = ms
    },
    /** Cuts all WebSocket sessions, as a restarting compute does. */
    cut() {
      for (const ws of tunnels) ws.terminate()
    },
    async stop() {
      await server.stop(true)
      await Promise.all([...pools.values()].map((pool) => pool.end()))
    },
  }
}

async function run(client: pg.PoolClient, { query, params = [] }: Statement) {
  const result = await client.query({
    text: query,
    values: params,
    rowMode: 'array',
    types,
  } as pg.QueryArrayConfig)
  const fields = result.fields.map(({ name, dataTypeID }) => ({ name, dataTypeID }))
  return { command: result.command, rowCount: result.rowCount, rows: result.rows, rowAsArray: true, fields }
}

async function runTogether(client: pg.PoolClient, statements: Statement[], headers: Headers) {
  const level = ISOLATION[headers.get('neon-batch-isolation-level') ?? '']
  const access = headers.get('neon-batch-read-only') === 'true' ? 'read only' : 'read write'
  await client.query(`begin ${level ? `isolation level ${level}` : ''} ${access}`)
  try {
    const results = []
    for (const statement of statements) results.push(await run(client, statement))
    await client.query('commit')
    return results
  } catch (error) {
    await client.query('rollback')
    throw error
  }
}
