import assert from 'node:assert/strict'
import { expectStatus, userDeleted, userUpdated } from './engine/client.ts'
import type { Rehearsal } from './engine/rehearsal.ts'
import { until } from './engine/wait.ts'

const now = 1_800_000_000_000
const updated = userUpdated('user_new', 'new@example.com', now)
const deleted = userDeleted('user_new', now + 1_000)

export const rehearsal: Rehearsal = {
  runbook: 'webhook-duplicates',
  fault: 'one event comes five times at once, and a writer without the guard brings a deleted user back',
  unrehearsed: {},
  async play({ deploy, http, client, quiet, fault, detect, mitigate, recovered, count }) {
    await deploy()
    const settled = () => until('the end of the work', async () =>
      (await count(`select count(*) from integration_events where status <> 'done'`)) === 0)
    await Promise.all(Array.from({ length: 5 }, () => expectStatus(http.deliver(updated, { id: 'msg_1' }), 204)))
    await expectStatus(http.deliver(deleted, { id: 'msg_2' }), 204)
    await settled()
    await quiet()
    await fault(() => client.query(
      `update users set deleted_at = null, email = 'new@example.com' where clerk_id = 'user_new'`))
    await detect(/msg_2/)
    assert.match(await mitigate('Stop the writer that lacks the guard, then'), /^1 replayed$/m)
    await recovered(async () => {
      await expectStatus(http.deliver(userUpdated('user_new', 'late@example.com', now + 500), { id: 'msg_late' }), 204)
      await settled()
    })
    assert.equal(await count(`select count(*) from users where clerk_id = 'user_new' and deleted_at is null`), 0)
    assert.equal(await count('select count(*) from integration_events'), 3, 'five deliveries are one event')
  },
}
