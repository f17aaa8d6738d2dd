import assert from 'node:assert/strict'
import { expectStatus, userUpdated } from './engine/client.ts'
import { startProxy } from './engine/proxy.ts'
import type { Rehearsal } from './engine/rehearsal.ts'
import { until } from './engine/wait.ts'

const first = { id: 'msg_first', event: userUpdated('user_new', 'new@example.com', 1_800_000_000_000) }
const lost = { id: 'msg_lost', event: userUpdated('user_lost', 'lost@example.com', 1_800_000_001_000) }

/** The bug of a handler: what it writes is refused. */
const bug = `create function broken() returns trigger language plpgsql as $$ begin raise 'bug'; end $$;
  create trigger broken before insert on users for each row execute function broken()`

export const rehearsal: Rehearsal = {
  runbook: 'webhook-loss',
  fault: 'a handler fails 8 times, the network drops a delivery; then silence, then no worker',
  unrehearsed: {},
  async play({ deploy, http, client, quiet, fault, detect, step, mitigate, recovered, count, onClose }) {
    const instance = await deploy()
    const door = await startProxy(Number(new URL(instance.url).port))
    onClose(door.stop)
    const base = `http://127.0.0.1:${door.port}`
    const bothDone = async () => (await count(`select count(*) from integration_events where status = 'done'`)) === 2
    await quiet()
    await fault(async () => {
      await client.query(bug)
      await expectStatus(http.deliver(first.event, { ...first, base }), 204)
      await until('the first attempt', async () => 
        (await count(`select count(*) from integration_events where status = 'pending' and attempts >= 1`)) === 1)
      // Seven attempts take about ten minutes; here the eighth is due at once.
      await client.query(`update integration_events set attempts = 7, next_attempt_at = now() where status = 'pending'`)
      door.drop(true)
      door.cut()
      await assert.rejects(http.deliver(lost.event, { ...lost, base }))
    })
    await detect(/"dead":"1"/)
    await step('mend the route', async () => door.drop(false))
    await step('resend in the dashboard', () => expectStatus(http.deliver(lost.event, { ...lost, base }), 204))
    await client.query('drop function broken cascade')
    assert.match(await mitigate('fix the handler, then'), /^1 replayed$/m)
    await recovered(async () => {
      assert.equal(await count(`select count(*) from users where clerk_id in ('user_new', 'user_lost')`), 2)
      await expectStatus(http.deliver(lost.event, { ...lost, base }), 204)
    })
    assert.equal(await count('select count(*) from integration_events'), 2, 'a resend is no second event')
    await until('both events are done', bothDone)

    // Two hours of silence, and an event that waits for a worker that is gone.
    await instance.end('SIGKILL')
    await client.query(`update integration_events set received_at = received_at - interval '2 h'`)
    await detect(/"silent":\{"hours":2/)
    await client.query(`update integration_events set received_at = now(), next_attempt_at = now() - interval '6 min',
      status = 'pending', attempts = 0 where event_id = 'msg_lost'`)
    await detect(/"late":\{"minutes":6/)
    await deploy()
    await quiet()
    await until('both events are done', bothDone)
  },
}
