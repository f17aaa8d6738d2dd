import assert from 'node:assert/strict'
import { expectStatus } from './engine/client.ts'
import { startProxy } from './engine/proxy.ts'
import type { Rehearsal } from './engine/rehearsal.ts'

export const rehearsal: Rehearsal = {
  runbook: 'cold-start',
  fault: 'the compute sleeps: its connections are cut, and a new one waits 1.4 s',
  unrehearsed: {
    'no scale-to-zero in production': "a setting of Neon's console",
  },
  async play({ deploy, http, url, onClose, quiet, fault, detect, step, recovered, count }) {
    const direct = new URL(url)
    const door = await startProxy(Number(direct.port))
    onClose(door.stop)
    const through = new URL(url)
    through.port = String(door.port)
    // Pools of a worker would keep the compute awake.
    const env = { DATABASE_URL: through.href, WORKERS_ENABLED: 'false' }
    const patient = await deploy({ env: { ...env, CONNECT_TIMEOUT_MS: '5000' } })
    await expectStatus(http.leads('user_2'), 200)
    await quiet()
    await fault(async () => {
      door.delay(1_400)
      door.cut()
    })
    await detect(/^1\.[4-9]\d* 0/m)
    await patient.end('SIGTERM')

    const hasty = await deploy({ env: { CONNECT_TIMEOUT_MS: '700' } })
    await expectStatus(http.leads('user_2'), 503)
    await hasty.end('SIGTERM')
    await step('`CONNECT_TIMEOUT_MS` above the wake time', () => deploy({ env: { CONNECT_TIMEOUT_MS: '5000' } }))
    await expectStatus(http.createLead('user_2', 'woken'), 200)
    door.delay(0)
    await recovered(() => expectStatus(http.leads('user_2'), 200))
    assert.equal(await count(`select count(*) from leads where name = 'woken'`), 1)
  },
}
