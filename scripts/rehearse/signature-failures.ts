import assert from 'node:assert/strict'
import { expectStatus, userUpdated } from './engine/client.ts'
import type { Rehearsal } from './engine/rehearsal.ts'
import { until } from './engine/wait.ts'

const event = userUpdated('user_new', 'new@example.com', 1_800_000_000_000)
const foreign = `whsec_${Buffer.from('the secret of another endpoint').toString('base64')}`

export const rehearsal: Rehearsal = {
  runbook: 'signature-failures',
  fault: 'the instance holds the secret of another endpoint; a delivery waited ten minutes in a queue',
  unrehearsed: {},
  async play({ deploy, http, clerk, quiet, fault, detect, step, recovered, count }) {
    const right = await deploy()
    await expectStatus(http.deliver(event, { id: 'msg_0' }), 204)
    await quiet()
    await right.end('SIGTERM')
    await fault(async () => {
      await deploy({ env: { CLERK_WEBHOOK_SIGNING_SECRET: foreign } })
      await expectStatus(http.deliver(event, { id: 'msg_1' }), 400)
    })
    await detect('No matching signature found')
    const at = new Date(Date.now() - 600_000)
    await expectStatus(http.deliver(event, { id: 'msg_2', at, secret: foreign }), 400)
    await detect('Message timestamp too old')
    const secret = clerk.env.CLERK_WEBHOOK_SIGNING_SECRET
    await step("deploy the endpoint's `CLERK_WEBHOOK_SIGNING_SECRET`", () =>
      deploy({ env: { CLERK_WEBHOOK_SIGNING_SECRET: secret } }))
    await recovered(async () => {
      for (const id of ['msg_1', 'msg_2']) await expectStatus(http.deliver(event, { id }), 204)
    })
    await until('the work', async () => (await count(`select count(*) from integration_events where status = 'done'`)) === 3)
    assert.equal(await count(`select count(*) from users where clerk_id = 'user_new'`), 1)
  },
}
