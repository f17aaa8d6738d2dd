import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expectStatus } from './engine/client.ts'
import type { Rehearsal } from './engine/rehearsal.ts'
import { example, tools } from './engine/stage.ts'
import { until } from './engine/wait.ts'

export const rehearsal: Rehearsal = {
  runbook: 'migration-regression',
  fault: 'code that needs two new migrations runs before them',
  unrehearsed: {
    'forward fix': 'a new migration, written for the case; migrate.test.ts refuses skipped and edited files',
    'copy rows': 'a branch of Neon at a point in time exists only there',
    'restore in place': 'the same, and destructive',
  },
  async play({ deploy, http, client, url, quiet, fault, detect, mitigate, recovered, count, logs }) {
    const instance = await deploy()
    await expectStatus(http.createLead('user_2', 'kept'), 200)
    await quiet()
    const content = async () => (await client.query(
      `select md5(string_agg(l::text, ',' order by id)) as leads,
        (select md5(string_agg(m.id || m.turma, ',' order by m.id)) from mentorados m) as clinics from leads l`)).rows[0]
    const before = await content()
    await instance.end('SIGTERM')
    await fault(async () => {
      await migrate(url, 'down', '2')
      await deploy()
      await expectStatus(http.leads('user_2'), 500)
    })
    await until('the line with 42703', async () => logs().includes('"errorCode":"42703"'))
    await detect(/^pending\t0001_\w+\npending\t0002_/m)
    assert.match(await mitigate('the second block'), /^up\t0001_\w+\nup\t0002_/m)
    await recovered(() => expectStatus(http.leads('user_2'), 200))
    assert.equal(await migrate(url, 'up'), '', 'a second run does nothing')
    assert.deepEqual(await content(), before)
    assert.equal(await count(`select count(*) from leads where name = 'kept'`), 1)
  },
}

async function migrate(url: string, ...args: string[]): Promise<string> {
  const env = { PATH: tools, HOME: process.env.HOME, DIRECT_DATABASE_URL: url }
  return (await promisify(execFile)('bun', ['run', 'server/db/migrate.ts', ...args], { cwd: example, env })).stdout
}
