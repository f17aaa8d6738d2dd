import assert from 'node:assert/strict'
import { setTimeout as sleep } from 'node:timers/promises'
import { join } from 'node:path'
import { expectStatus } from './engine/client.ts'
import type { Rehearsal } from './engine/rehearsal.ts'
import { until } from './engine/wait.ts'

export const rehearsal: Rehearsal = {
  runbook: 'bad-deploy',
  fault: 'a release throws in one of its procedures, and is rolled back while a request runs',
  unrehearsed: {},
  async play({ stage, deploy, http, url, onClose, quiet, fault, detect, step, recovered, count, firstMinutes }) {
    const good = await deploy()
    await expectStatus(http.leads('user_2'), 200)
    await quiet()
    const bad = await deploy({ preload: join(import.meta.dirname, 'preload/bug.ts') })
    await good.end('SIGTERM')
    await fault(() => expectStatus(http.leads('user_2'), 500))
    await detect(/status="500"/)
    assert.match(await firstMinutes(), /"ready":true[^]*http_server_requests_total.*status="500"/)

    const holder = await stage.postgres.connect(new URL(url).pathname.slice(1))
    onClose(() => holder.end())
    await holder.query('begin; lock table leads in exclusive mode')
    const running = http.createLead('user_2', 'running')
    await until('the wait of a request', async () => (await count(
      `select count(*) from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`)) === 1)
    await step('Roll back by SIGTERM', async () => {
      await deploy()
      const ended = bad.end('SIGTERM')
      await sleep(300)
      await holder.query('rollback')
      await expectStatus(running, 200)
      assert.equal(await ended, 0)
    })
    await recovered(() => expectStatus(http.leads('user_2'), 200))
    assert.match(bad.log(), /"event":"exit","clean":true/)
    assert.equal(await count(`select count(*) from leads where name = 'running'`), 1)
  },
}
