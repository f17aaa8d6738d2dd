import assert from 'node:assert/strict'
import { expectStatus } from './engine/client.ts'
import { startRedis } from './engine/redis.ts'
import type { Rehearsal } from './engine/rehearsal.ts'

export const rehearsal: Rehearsal = {
  runbook: 'tenant-leak',
  fault: "a route without the tenant filter let user_2 write into another clinic, and left its audit row",
  unrehearsed: {},
  async play({ stage, deploy, http, client, onClose, quiet, fault, detect, mitigate, follow, recovered, count }) {
    const redis = await startRedis(stage.folder)
    onClose(redis.stop)
    await deploy({ env: { REDIS_URL: redis.url } })
    await expectStatus(http.leads('user_2'), 200)
    await client.query(`insert into audit_log (actor_user_id, subject_mentorado_id, action) values (3, 2, 'lead.moved')`)
    await quiet()
    await fault(() => client.query(
      `insert into audit_log (actor_user_id, subject_mentorado_id, action) values (2, 2, 'lead.moved')`))
    await detect(/"actor_user_id":"2","subject_mentorado_id":"2"/)
    const before = await count('select count(*) from leads')
    await mitigate('Suspend the actor')
    await expectStatus(http.leads('user_2'), 200) // a read still comes from the cache
    await follow('stale-role', 0)
    await recovered(async () => {
      await expectStatus(http.createLead('user_2', 'again'), 401)
      await expectStatus(http.leads('user_2'), 401)
      await expectStatus(http.leads('user_3'), 200)
    }, { traceStays: true })
    assert.equal(await count('select count(*) from leads'), before)
    assert.equal(await count('select count(*) from audit_log'), 2, 'the trail is kept')
  },
}
