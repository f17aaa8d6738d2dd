import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { onBothVersions } from './both-versions.ts'
import { claimed } from './claims.ts'
import { effectsOf } from './effects.ts'
import { outcomeOf, pidOf, waitsForLock, withSessions } from './sessions.ts'
import { statementWith } from './statements.ts'

const schema = readFileSync(join(import.meta.dirname, 'schema.sql'), 'utf8')
const design = 'references/database-design.md'
const runbooks = 'references/runbooks.md'
const addColumn = 'alter table leads add column x text'
const short = "set lock_timeout = '200ms'"

onBothVersions(schema, (server) => {
  test('an instant ACCESS EXCLUSIVE waits behind an open transaction, and reads wait behind it', () => {
    claimed(design, 'An instant AE still waits behind an open transaction, and all queries behind it.')
    return withSessions(server(), 3, async (reader, changer, other) => {
      await reader.query('begin; select from leads limit 1')
      expect(await outcomeOf(other, `${short}; select from leads limit 1`)).toBe('ok')
      const pid = await pidOf(changer)
      const change = outcomeOf(changer, addColumn)
      await waitsForLock(other, pid)
      expect(await outcomeOf(other, 'select from leads limit 1')).toBe('55P03')
      expect(await outcomeOf(other, 'update leads set name = name where id = 2')).toBe('55P03')
      await reader.query('commit')
      expect(await change).toBe('ok')
    })
  })

  test('whoever waits longer than the change outlives it', () => {
    claimed('references/operational-guardrails.md', '`lock_timeout` 2.5 s within the statement: an ALTER waiting 2 s for its lock holds everybody up that long.')
    return withSessions(server(), 4, async (reader, changer, other, hasty) => {
      await reader.query('begin; select from leads limit 1')
      await other.query("set lock_timeout = '2.5s'")
      await hasty.query(short)
      await changer.query("set lock_timeout = '2s'")
      const pid = await pidOf(changer)
      const change = outcomeOf(changer, addColumn)
      await waitsForLock(other, pid)
      const read = 'select from leads limit 1'
      const outcomes = await Promise.all([outcomeOf(other, read), outcomeOf(hasty, read), change])
      expect(outcomes).toEqual(['ok', '55P03', '55P03'])
    })
  })

  test('the root of a pile-up: cancel does nothing there, the waiting DDL goes first', () => {
    claimed(runbooks, 'Root = pid in others\' `blocked_by`, own `{}`.')
    claimed(runbooks, 'Cancel the waiting DDL first (it queues plain SELECTs), then terminate the idle root (B); cancel there returns true, does nothing')
    return withSessions(server(), 4, async (root, ddl, victim, admin) => {
      await root.query('begin; select from leads limit 1')
      const [rootPid, ddlPid, victimPid] = [await pidOf(root), await pidOf(ddl), await pidOf(victim)]
      const change = outcomeOf(ddl, addColumn)
      await waitsForLock(admin, ddlPid)
      const select = outcomeOf(victim, 'select from leads limit 1')
      await waitsForLock(admin, victimPid)
      const { rows } = await admin.query(await statementWith(runbooks, 'as blocked_by'))
      const blockers = new Map(rows.map((row) => [row.pid, row.blocked_by]))
      expect([blockers.get(rootPid), blockers.get(ddlPid)]).toEqual([[], [rootPid]])
      expect(blockers.get(victimPid)).toContain(ddlPid)
      const cancelled = await admin.query('select pg_cancel_backend($1) as done', [rootPid])
      expect(cancelled.rows).toEqual([{ done: true }])
      expect(await outcomeOf(root, 'select 1')).toBe('ok')
      await admin.query('select pg_cancel_backend($1)', [ddlPid])
      expect([await change, await select]).toEqual(['57014', 'ok'])
      await admin.query('select pg_terminate_backend($1)', [rootPid])
      expect(await outcomeOf(admin, `${short}; ${addColumn}`)).toBe('ok')
    })
  })

  test('a timeout leaves an INVALID index, which the detector finds and "if not exists" accepts', () => {
    claimed(design, 'set lock_timeout = 0; -- a timeout here leaves an INVALID index')
    claimed(design, '(accepts an INVALID one: drop that first)')
    return withSessions(server(), 2, async (builder, writer) => {
      const invalid = await statementWith(design, 'where not indisvalid')
      expect((await builder.query(invalid)).rows).toEqual([])
      await writer.query('begin; update leads set name = name where id = 1')
      expect(await outcomeOf(builder, short)).toBe('ok')
      expect(await outcomeOf(builder, 'create index concurrently i on leads (stage)')).toBe('55P03')
      await writer.query('rollback')
      expect((await builder.query(invalid)).rows).toEqual([{ indexrelid: 'i' }])
      expect(await outcomeOf(builder, 'create index if not exists i on leads (stage)')).toBe('ok')
      expect((await builder.query(invalid)).rows).toEqual([{ indexrelid: 'i' }])
    })
  })

  test('waiting for the advisory lock deadlocks with CONCURRENTLY', () => {
    claimed(design, 'take `pg_try_advisory_lock` or fail at once (waiting deadlocks with CONCURRENTLY)')
    return withSessions(server(), 3, async (first, second, watcher) => {
      await first.query('select pg_advisory_lock(1)')
      const pid = await pidOf(second)
      const waiting = outcomeOf(second, 'select pg_advisory_lock(1)')
      await waitsForLock(watcher, pid)
      const build = await outcomeOf(first, 'create index concurrently i on leads (stage)')
      await first.query('select pg_advisory_unlock(1)')
      expect([build, await waiting].sort()).toEqual(['40P01', 'ok'])
    })
  })

  test('in one transaction, "not valid" and "validate" hold the first lock through the scan', () => {
    claimed(design, '`not valid` + `validate` in one run hold the first lock through the scan')
    return server().onCopy(async (client) => {
      await client.query('alter table leads drop constraint leads_mentorado_id_fkey')
      const { leads } = await effectsOf(client, [
        'alter table leads add constraint fk foreign key (mentorado_id) references mentorados (id) not valid',
        'alter table leads validate constraint fk',
      ], ['leads'])
      expect(leads).toEqual({ mode: 'ShareRowExclusiveLock', does: 'scan' })
    })
  })

  const inTransaction: [claim: string, code: string, ...statements: string[]][] = [
    ['`concurrently` fails with 25001', '25001', 'create index concurrently i on leads (stage)'],
    ['| enum `add value` | – | use in the same run: 55P04 |', '55P04', "alter type user_role add value 'guest'", "select 'guest'::user_role"],
    ['Backfill outside `migrate` (2D000 inside)', '2D000', 'do $$ begin commit; end $$'],
  ]
  test.each(inTransaction)('%s', (claim, code, ...statements) => {
    claimed(design, claim)
    return server().onCopy(async (client) => {
      const outcomes: string[] = []
      for (const statement of ['begin', ...statements]) outcomes.push(await outcomeOf(client, statement))
      expect(outcomes).toEqual([...outcomes.slice(0, -1).fill('ok'), code])
    })
  })

  test('55P03 comes of lock_timeout or nowait, and hits the victim', () => {
    claimed('references/debugging-matrix.md', '| 55P03 | `lock_timeout` or `nowait`: find the holder, don\'t raise it |')
    return withSessions(server(), 2, async (holder, victim) => {
      await holder.query('begin; select from leads where id = 1 for update')
      expect(await outcomeOf(victim, 'select from leads where id = 1 for update nowait')).toBe('55P03')
      expect(await outcomeOf(victim, `${short}; update leads set name = name where id = 1`)).toBe('55P03')
      expect(await outcomeOf(holder, 'commit')).toBe('ok')
    })
  })

  test('an insert of a taken key waits for its rival', () => {
    claimed('references/api-patterns.md', "set local lock_timeout = '3s'`) // the insert waits for a rival's commit")
    return withSessions(server(), 2, async (rival, other) => {
      const insert = "insert into outbox (topic, dedup_key, payload) values ('t', 'k', '{}') on conflict do nothing"
      await rival.query(`begin; ${insert}`)
      expect(await outcomeOf(other, `${short}; ${insert}`)).toBe('55P03')
      await rival.query('commit')
      expect((await other.query(insert)).rowCount).toBe(0)
    })
  })

  test('two workers claim different events', () => withSessions(server(), 2, async (one, two) => {
    const claim = await statementWith('references/infrastructure.md', 'for update skip locked')
    await one.query('begin')
    await two.query(short)
    const [first, second] = [await one.query(claim), await two.query(claim)]
    const ids = [...first.rows, ...second.rows].map(({ id }) => id)
    expect([first.rowCount, second.rowCount, new Set(ids).size]).toEqual([10, 10, 20])
    await one.query('commit')
  }))

  test('"explain analyze" writes', () => server().onCopy(async (client) => {
    claimed('references/operational-guardrails.md', '`explain analyze` executes: a write under it is a write.')
    const count = async () => (await client.query('select count(*) from audit_log')).rows[0].count
    await client.query('explain delete from audit_log')
    expect(await count()).toBe('1')
    await client.query('explain analyze delete from audit_log')
    expect(await count()).toBe('0')
  }))
})
