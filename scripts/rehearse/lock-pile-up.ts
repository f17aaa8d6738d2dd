import assert from 'node:assert/strict'
import { expectStatus } from './engine/client.ts'
import type { Rehearsal } from './engine/rehearsal.ts'
import { until } from './engine/wait.ts'

export const rehearsal: Rehearsal = {
  runbook: 'lock-pile-up',
  fault: 'an idle transaction holds a table, an ALTER without lock_timeout waits, every read waits behind it',
  unrehearsed: {
    '55P03': 'the code of a waiter with a lock_timeout; lock-queues.test.ts sees it',
    '{}': 'an empty list, which the client library prints as []',
  },
  async play({ stage, deploy, http, url, quiet, fault, detect, mitigate, recovered, count, onClose, note }) {
    await deploy({ env: { STATEMENT_TIMEOUT_MS: '1500' } })
    await expectStatus(http.leads('user_2'), 200)
    const before = await count('select count(*) from leads')
    await quiet()
    const database = new URL(url).pathname.slice(1)
    const [root, migration] = [await stage.postgres.connect(database), await stage.postgres.connect(database)]
    onClose(() => Promise.all([root.end(), migration.end()]))
    let change: Promise<unknown> | undefined
    await fault(async () => {
      await root.query(`begin; insert into leads (mentorado_id, name) values (1, 'never committed')`)
      change = migration.query('alter table leads add column nickname text').catch((error) => note(error.message))
      await until('the wait of the ALTER', async () =>
        (await count(`select count(*) from pg_stat_activity where query like 'alter table leads%' and datname = $1
          and cardinality(pg_blocking_pids(pid)) > 0`, [database])) === 1)
      await expectStatus(http.leads('user_2'), 504)
    })
    const rows = (await detect(/alter table leads/)).split('\n').map((row) => JSON.parse(row))
    const rootRow = rows.find(({ blocked_by: by }) => by.length === 0)
    assert.equal(rootRow.state, 'idle in transaction', 'the root is the only row that nothing blocks')
    await mitigate('terminate the idle root')
    await change
    await recovered(() => expectStatus(http.leads('user_2'), 200))
    assert.equal(await count('select count(*) from leads'), before)
  },
}
