import assert from 'node:assert/strict'
import type { Rehearsal } from './engine/rehearsal.ts'
import { until } from './engine/wait.ts'

/** The slot that is due last, as both jobs count it. */
const newest = `date_trunc('day', now() at time zone 'America/Sao_Paulo' - interval '7 hours') at time zone 'America/Sao_Paulo'`

export const rehearsal: Rehearsal = {
  runbook: 'scheduler-run',
  fault: 'the only scheduler is killed inside a run, and two take over at once',
  unrehearsed: {},
  async play({ stage, deploy, client, url, onClose, quiet, fault, detect, step, recovered, count }) {
    const env = { SCHEDULER_ENABLED: 'true', WORKERS_ENABLED: 'false' }
    await client.query(`insert into job_runs (job, slot, status, leased_until, finished_at)
      select job, ${newest}, 'done', now(), now() from unnest(array['daily-digest', 'webhook-retention']) as job`)
    await client.query(`insert into leads (mentorado_id, name, created_at)
      select 1, 'each hour', now() - n * interval '1 hour' from generate_series(1, 72) as n`)
    const holder = await stage.postgres.connect(new URL(url).pathname.slice(1))
    onClose(() => holder.end())
    await quiet()
    await fault(async () => {
      await client.query(`update job_runs set slot = slot - interval '1 day'`)
      await holder.query('begin; lock table outbox in exclusive mode')
      const killed = await deploy({ env })
      await until('the claim of the slot', async () =>
        (await count(`select count(*) from job_runs where job = 'daily-digest' and status = 'running'`)) === 1)
      await killed.end('SIGKILL')
      await holder.query('rollback')
      // Here the two minutes of its lease are over.
      await client.query(`update job_runs set leased_until = now() - interval '1 second' where status = 'running'`)
    })
    await detect(/"job":"daily-digest".*"died":true/)
    await step('Restart one instance with `SCHEDULER_ENABLED=true`', () => Promise.all([deploy({ env }), deploy({ env })]))
    await recovered(async () => {
      assert.equal(await count(`select count(*) from job_runs where status <> 'done'`), 0)
    })
    assert.equal(await count(`select count(*) from outbox where topic = 'digest.daily'`), 1, 'one digest, whoever ran')
    assert.equal(await count(`select count(*) from job_runs where job = 'daily-digest'`), 2)
  },
}
