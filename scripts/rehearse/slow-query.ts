import assert from 'node:assert/strict'
import { statementWith } from '../fences/statements.ts'
import { expectStatus } from './engine/client.ts'
import type { Rehearsal } from './engine/rehearsal.ts'

export const rehearsal: Rehearsal = {
  runbook: 'slow-query',
  fault: 'the index of a foreign key is gone, and every deleted parent scans 100,000 rows',
  unrehearsed: {
    'record it in a migration': 'a change of files',
  },
  async play({ deploy, http, client, quiet, fault, detect, mitigate, step, recovered, count, note }) {
    await deploy()
    const detector = await statementWith('references/database-design.md', 'with fk as')
    const missing = async () => (await client.query(detector)).rows.filter(({ rel }) => rel === 'leads').length
    const forget = () => client.query(
      'select pg_stat_statements_reset(0, oid, 0) from pg_database where datname = current_database()')
    await client.query(`insert into leads (mentorado_id, name) select 2, 'bulk' from generate_series(1, 100000)`)
    await client.query('analyze leads')
    await client.query('delete from leads where id between 1 and 2')
    await forget()
    assert.equal(await missing(), 0)
    await quiet()
    await fault(async () => {
      await client.query('drop index leads_referred_by_id_idx')
      await client.query('delete from leads where id between $1 and $2', [101, 300])
    })
    await client.query(`set statement_timeout = '20ms'`)
    await client.query('delete from leads where id between 301 and 500').catch((error) => note(error.message))
    await client.query('reset statement_timeout')
    await detect(/delete from leads where id between/)
    assert.equal(await missing(), 1)
    await mitigate('Build outside the migrator')
    await step('`pg_stat_statements_reset`', forget)
    await recovered(async () => {
      assert.equal(await missing(), 0)
      await expectStatus(http.leads('user_2'), 200)
    })
    const { rows } = await client.query('explain (format json) select from leads where referred_by_id = 1')
    assert.match(JSON.stringify(rows), /leads_referred_by_id_idx/)
    assert.equal(await count('select count(*) from leads where name = $1', ['bulk']), 99_800, 'only what was deleted is gone')
  },
}
