import assert from 'node:assert/strict'
import pg from 'pg'
import { expectStatus } from './engine/client.ts'
import { startPooler } from './engine/pooler.ts'
import type { Rehearsal } from './engine/rehearsal.ts'
import { until } from './engine/wait.ts'

const limit = 4

export const rehearsal: Rehearsal = {
  runbook: 'connection-exhaustion',
  fault: 'another program leaks transactions until the role has no connection left; then a pooler comes between',
  unrehearsed: {
    '42P05, 26000 (`prepare: false`)': 'the example names no prepared statement; 08P01 is rehearsed with PgBouncer',
  },
  async play({ stage, deploy, http, client, url, onClose, quiet, fault, detect, step, mitigate, recovered, count, logs, note }) {
    const { rows: [{ name }] } = await client.query('select current_database() as name')
    const role = `few_${name}`
    await client.query(`create role ${role} login password 'few' connection limit ${limit}`)
    await client.query(`grant pg_read_all_data, pg_write_all_data to ${role}`)
    onClose(() => client.query(`drop owned by ${role}; drop role ${role}`))
    const few = new URL(url)
    few.username = role
    few.password = 'few'
    // The blocks go on as the owner of the database.
    const env = { DATABASE_URL: few.href, DATABASE_POOL_MAX: '2', WORKERS_ENABLED: 'false' }
    const instance = await deploy({ env })
    await expectStatus(http.leads('user_2'), 200)
    await quiet()

    const leaks: pg.Client[] = []
    onClose(() => Promise.all(leaks.map((leak) => leak.end())))
    await fault(async () => {
      // The pool of the instance lets go of what it held, as after a quiet minute.
      await client.query('select pg_terminate_backend(pid) from pg_stat_activity where usename = $1', [role])
      for (let i = 0; i < limit; i++) {
        const leak = new pg.Client({ connectionString: few.href, application_name: 'leaky-report' })
        leak.on('error', () => {})
        await leak.connect()
        await leak.query(`begin; insert into leads (mentorado_id, name) values (1, 'never committed ${i}')`)
        leaks.push(leak)
      }
      await expectStatus(http.leads('user_2'), 503)
    })
    await until('the line with 53300', async () => logs().includes('"errorCode":"53300"'))
    note(await fullPoolSays(url))
    await detect(/(leaky-report[^]*){4}/)
    await mitigate('end them')
    await recovered(() => expectStatus(http.createLead('user_2', 'after'), 200))
    assert.equal(await count(`select count(*) from leads where name = 'after' or name like 'never%'`), 1)
    await instance.end('SIGTERM')

    const pooler = await startPooler(stage.folder, url)
    onClose(pooler.stop)
    await deploy({ env: { DATABASE_URL: pooler.url } })
    await expectStatus(http.leads('user_2'), 503)
    await until('the line with 08P01', async () => logs().includes('"errorCode":"08P01"'))
    await step('pooled mode: deploy that', () => deploy({ env: { DATABASE_POOLED: 'true' } }))
    await expectStatus(http.leads('user_2'), 200)
  },
}

/** The example keeps messages of errors out of its log, so a pool of its own says what one that is full does. */
async function fullPoolSays(url: string): Promise<string> {
  const pool = new pg.Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 200 })
  const held = await pool.connect()
  const message = await pool.connect().then(() => 'nothing', (error: Error) => error.message)
  held.release()
  await pool.end()
  return message
}
