import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freePort } from '../../scripts/core/free-port.ts'

export interface Pooler {
  /** Leads to the same database through the pooler. */
  url: string
  stop(): Promise<void>
}

const isRoot = process.getuid?.() === 0
const idOf = (flag: '-u' | '-g') => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))

/** PgBouncer in transaction mode before `databaseUrl`, with `size` connections to the server. */
export async function startPooler(databaseUrl: string, size = 3): Promise<Pooler> {
  const target = new URL(databaseUrl)
  const port = await freePort()
  const folder = mkdtempSync(join(tmpdir(), 'pooler-'))
  chmodSync(folder, 0o755)
  const users = join(folder, 'users.txt')
  const config = join(folder, 'pgbouncer.ini')
  writeFileSync(users, `"${target.username}" "${target.password}"\n`)
  writeFileSync(config, `[databases]
* = host=${target.hostname} port=${target.port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = transaction
default_pool_size = ${size}
ignore_startup_parameters = extra_float_digits
`)
  const identity = isRoot ? { uid: idOf('-u'), gid: idOf('-g') } : {}
  const child = spawn('pgbouncer', [config], { ...identity, cwd: folder, stdio: ['ignore', 'ignore', 'pipe'] })
  let output = ''
  const ended = once(child, 'exit')
  await new Promise<void>((resolve, reject) => {
    child.once('error', (error) => reject(new Error(`pgbouncer does not start: ${error.message}`)))
    child.once('exit', () => reject(new Error(`pgbouncer does not start: ${output.trim().slice(-400)}`)))
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk
      if (output.includes('process up')) resolve()
    })
  })
  target.port = String(port)
  return {
    url: target.href,
    async stop() {
      child.kill('SIGINT')
      await ended
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
