import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdtempSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import { once } from 'node:events'
import { freePort } from '../../core/free-port.ts'
import { end, startProcess } from './process.ts'
import { until } from './wait.ts'

/** PgBouncer in transaction mode before the database of `url`; it refuses to run as root. */
export async function startPooler(parent: string, url: string) {
  const { port, username, password, pathname } = new URL(url)
  const folder = mkdtempSync(join(parent, 'pooler-'))
  const poolerPort = await freePort()
  const [config, users] = [join(folder, 'pgbouncer.ini'), join(folder, 'users.txt')]
  writeFileSync(users, `"${username}" "${password}"\n`)
  writeFileSync(config, `[databases]
* = host=127.0.0.1 port=${port}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${poolerPort}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = ${users}
pool_mode = transaction
ignore_startup_parameters = extra_float_digits
`)
  const identity = process.getuid?.() === 0 ? { uid: idOf('-u'), gid: idOf('-g') } : {}
  chmodSync(parent, 0o755)
  if (identity.uid !== undefined) for (const path of [folder, config, users]) chownSync(path, identity.uid, identity.gid!)
  const log = join(parent, `pgbouncer-${poolerPort}.log`)
  const started = startProcess('pgbouncer', [config], { env: { PATH: process.env.PATH }, log, ...identity })
  await until('the start of PgBouncer', async () => {
    const socket = connect(poolerPort, '127.0.0.1')
    await once(socket, 'connect')
    socket.destroy()
    return true
  })
  return {
    url: `postgres://${username}:${password}@127.0.0.1:${poolerPort}${pathname}`,
    stop: () => end(started, 'SIGINT'),
  }
}

function idOf(flag: '-u' | '-g'): number {
  return Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
}
