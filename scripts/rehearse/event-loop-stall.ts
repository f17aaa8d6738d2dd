import assert from 'node:assert/strict'
import { join } from 'node:path'
import { expectStatus } from './engine/client.ts'
import type { Rehearsal } from './engine/rehearsal.ts'

export const rehearsal: Rehearsal = {
  runbook: 'event-loop-stall',
  fault: 'a release computes 400 ms at a time on the event loop',
  unrehearsed: {
    '--cpu-prof-md': 'reading a profile is a judgement; what it prints is no yes or no',
    'cap page and batch': 'a change of the code',
  },
  async play({ deploy, http, quiet, fault, detect, step, recovered, count }) {
    const good = await deploy()
    await expectStatus(http.leads('user_2'), 200)
    await quiet()
    await good.end('SIGTERM')
    await fault(() => deploy({ preload: join(import.meta.dirname, 'preload/block.ts') }))
    await expectStatus(http.createLead('user_2', 'slowly'), 200)
    await detect('eventloop_delay_max')
    await step('Roll back', () => deploy())
    await recovered(() => expectStatus(http.leads('user_2'), 200))
    assert.equal(await count(`select count(*) from leads where name = 'slowly'`), 1)
  },
}
