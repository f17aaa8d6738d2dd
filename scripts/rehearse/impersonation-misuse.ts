import assert from 'node:assert/strict'
import { expectStatus } from './engine/client.ts'
import type { Rehearsal } from './engine/rehearsal.ts'

export const rehearsal: Rehearsal = {
  runbook: 'impersonation-misuse',
  fault: 'somebody writes a grant of eight hours straight into the table',
  unrehearsed: {},
  async play({ deploy, http, client, quiet, fault, detect, mitigate, recovered, count }) {
    await deploy()
    const input = { mentoradoId: 1, reason: 'a call of support', minutes: 60 }
    const proper = (await expectStatus(http.call('user_4', 'impersonation.start', input), 200)).data as { grantId: string }
    const under = (grant: string) => ({ 'x-impersonation-grant': grant })
    await expectStatus(http.leads('user_4', under(proper.grantId)), 200)
    await quiet()
    let grant = ''
    await fault(async () => {
      const { rows } = await client.query(`insert into impersonation_grants
        (actor_user_id, subject_mentorado_id, reason, expires_at) values (1, 1, 'none', now() + interval '8 hours') returning id`)
      grant = rows[0].id
      await expectStatus(http.leads('user_1', under(grant)), 200)
      await expectStatus(http.createLead('user_1', 'foreign', under(grant)), 403)
    })
    await detect(/"actor_user_id":"1"/)
    await mitigate('End all')
    await recovered(async () => {
      const refused = await expectStatus(http.leads('user_1', under(grant)), 403)
      assert.match(refused.text, /No valid grant/)
      await expectStatus(http.leads('user_2'), 200)
    })
    assert.equal(await count('select count(*) from impersonation_grants where ended_at is not null'), 2, 'the rows stay')
    assert.equal(await count('select count(*) from leads where name = $1', ['foreign']), 0)
  },
}
