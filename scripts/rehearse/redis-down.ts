import assert from 'node:assert/strict'
import { expectStatus } from './engine/client.ts'
import { startRedis } from './engine/redis.ts'
import type { Rehearsal } from './engine/rehearsal.ts'
import { until } from './engine/wait.ts'

export const rehearsal: Rehearsal = {
  runbook: 'redis-down',
  fault: 'Redis is killed while requests run, and a role changes meanwhile',
  unrehearsed: {},
  async play({ stage, deploy, http, client, onClose, quiet, fault, detect, step, recovered, count, logs }) {
    const redis = await startRedis(stage.folder)
    onClose(redis.stop)
    await deploy({ env: { REDIS_URL: redis.url } })
    await expectStatus(http.me('user_3'), 200)
    await quiet()
    await fault(() => redis.kill())
    await detect('"redis":"down"')
    await expectStatus(http.leads('user_2'), 200)
    await expectStatus(http.createLead('user_2', 'meanwhile'), 200)
    await client.query(`update users set role = 'pending', clinic_id = null where clerk_id = 'user_4'`)
    await client.query(`insert into outbox (topic, dedup_key, payload) select 'session.changed', 'held', jsonb_build_object(
      'clerkId', clerk_id, 'version', (extract(epoch from updated_at) * 1000000)::bigint) from users where clerk_id = 'user_4'`)
    await until('the attempt to invalidate', async () => logs().includes('cache_write_failed'))
    await step('Restart Redis', redis.start)
    await recovered(async () => {
      await expectStatus(http.me('user_3'), 200)
      assert.equal(await count(`select count(*) from outbox where dedup_key = 'held' and sent_at is null`), 0)
    })
    assert.equal(await count(`select count(*) from leads where name = 'meanwhile'`), 1)
  },
}
