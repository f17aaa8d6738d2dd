import assert from 'node:assert/strict'
import { startRedis } from './engine/redis.ts'
import type { Rehearsal } from './engine/rehearsal.ts'

export const rehearsal: Rehearsal = {
  runbook: 'stale-role',
  fault: 'a role is changed by hand, past the service, while two instances and Redis hold the account',
  unrehearsed: {
    cache_layer_divergence: 'it needs a load that an invalidation overtakes within milliseconds; session-cache.test.ts does that',
    FLUSHALL: 'destructive',
  },
  async play({ stage, deploy, http, client, onClose, quiet, fault, detect, mitigate, recovered, count }) {
    const redis = await startRedis(stage.folder)
    onClose(redis.stop)
    const first = await deploy({ env: { REDIS_URL: redis.url } })
    const second = await deploy()
    const roleAt = async (base: string) => ((await http.me('user_2', { base })).data as { role: string }).role
    const roles = async () => [await roleAt(first.url), await roleAt(second.url)]
    assert.deepEqual(await roles(), ['mentorado', 'mentorado'])
    await quiet()
    await fault(() => client.query(`update users set role = 'pending' where clerk_id = 'user_2'`))
    await detect(/mentorado/)
    assert.deepEqual(await roles(), ['mentorado', 'mentorado'], 'the caches do not know yet')
    await mitigate('Tombstone through the outbox')
    await recovered(async () => assert.deepEqual(await roles(), ['pending', 'pending']))
    assert.equal(await count(`select count(*) from outbox where topic = 'session.changed' and sent_at is not null`), 1)
  },
}
