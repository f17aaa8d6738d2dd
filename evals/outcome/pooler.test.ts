import pg from 'pg'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Server } from '../../scripts/core/postgres.ts'
import { startDatabases } from './grade.ts'
import { startPooler, type Pooler } from './pooler.ts'

let server: Server
let pooler: Pooler
beforeAll(async () => {
  server = await startDatabases()
  pooler = await startPooler(server.url('postgres'), 1)
}, 60_000)
afterAll(async () => {
  await pooler?.stop()
  await server?.stop()
})

async function through<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return work(client).finally(() => client.end())
}

const setting = async (client: pg.Client) =>
  (await client.query(`select current_setting('app.tenant', true) as value`)).rows[0].value

it('hands session state to the next client, as transaction mode does, and direct connections do not', async () => {
  await through(pooler.url, (client) => client.query(`select set_config('app.tenant', '7', false)`))
  expect(await through(pooler.url, setting)).toBe('7')
  expect(await through(server.url('postgres'), setting)).toBe(null)
})

it('serves one client while another is idle, and makes it wait while a transaction is open', async () => {
  await through(pooler.url, async (first) => {
    await first.query('select 1')
    await through(pooler.url, (second) => second.query('select 1'))
    await first.query('begin')
    await through(pooler.url, async (second) => {
      let done = false
      const waiting = second.query('select 1').then(() => (done = true))
      await new Promise((resolve) => setTimeout(resolve, 300))
      expect(done).toBe(false)
      await first.query('commit')
      await waiting
    })
  })
})
