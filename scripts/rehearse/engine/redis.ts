import { mkdtempSync, rmSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { freePort } from '../../core/free-port.ts'
import { end, startProcess, type Started } from './process.ts'
import { until } from './wait.ts'

export interface Redis {
  url: string
  start(): Promise<void>
  /** As a crash: nothing is saved. */
  kill(): Promise<void>
  stop(): Promise<void>
}

/** A Redis server of its own below `parent`. */
export async function startRedis(parent: string): Promise<Redis> {
  const folder = mkdtempSync(join(parent, 'redis-'))
  const port = await freePort()
  let server: Started | undefined
  let starts = 0
  async function start() {
    const log = join(folder, `redis-${++starts}.log`)
    const options = ['--port', `${port}`, '--bind', '127.0.0.1', '--dir', folder, '--appendonly', 'no', '--save', '']
    server = startProcess('redis-server', options, { env: { PATH: process.env.PATH }, log })
    await until('the start of Redis', async () => (await readFile(log, 'utf8')).includes('Ready to accept'))
  }
  const kill = async () => void (server && (await end(server, 'SIGKILL')))
  await start()
  return {
    url: `redis://127.0.0.1:${port}`,
    start,
    kill,
    async stop() {
      await kill()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
