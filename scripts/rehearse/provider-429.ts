import assert from 'node:assert/strict'
import { expectStatus } from './engine/client.ts'
import { startProvider } from './engine/provider.ts'
import type { Rehearsal } from './engine/rehearsal.ts'

const messages = 12

export const rehearsal: Rehearsal = {
  runbook: 'provider-429',
  fault: 'the mail provider answers 429 to everything while a dozen messages are due',
  unrehearsed: {},
  async play({ deploy, http, client, onClose, quiet, fault, detect, mitigate, recovered, count }) {
    const mail = await startProvider()
    onClose(mail.stop)
    await deploy({ env: { MAIL_URL: mail.url, MAIL_API_KEY: 'key_of_the_rehearsal' } })
    await quiet()
    const hasten = () => client.query('update outbox set next_attempt_at = now() where sent_at is null and attempts > 0')
    await fault(async () => {
      mail.refuse(true)
      for (let i = 0; i < messages; i++) await expectStatus(http.createLead('user_2', `due${i}`), 200)
    })
    // The wait between two attempts is 2.5 s and more.
    await detect(/"topic":"lead\.created"/)
    mail.refuse(false)
    await mitigate('Spread')
    const spread = await count(`select extract(epoch from max(next_attempt_at) - min(next_attempt_at))
      from outbox where sent_at is null`)
    assert.ok(spread > 30, `${messages} messages spread over ${spread} s`)
    // Nobody waits here for the ten minutes over which they are spread.
    await recovered(async () => {
      await hasten()
      assert.equal(await count('select count(*) from outbox where sent_at is null'), 0)
    })
    assert.equal(mail.effects.size, messages, 'one mail for each lead')
    assert.ok(mail.calls.length > messages)
  },
}
