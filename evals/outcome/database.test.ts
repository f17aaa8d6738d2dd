import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type pg from 'pg'
import type { Server } from '../../scripts/core/postgres.ts'
import { age, alone, blocked, rowsWith, unindexedKeys } from './database.ts'
import { startDatabases } from './grade.ts'

let server: Server
let client: pg.Client
const rig = { sql: async (text: string, values?: unknown[]) => (await client.query(text, values)).rows }
beforeAll(async () => {
  server = await startDatabases()
  client = await server.connect('postgres')
}, 60_000)
afterAll(async () => {
  await client?.end()
  await server?.stop()
})
beforeEach(() => client.query(`drop schema public cascade; create schema public;
  create table people (id int primary key, name text);
  create table grants (id int, actor int references people, subject int references people, until timestamptz, made timestamp);
  insert into people values (700, 'Ana'), (7001, 'Bia');
  insert into grants values (1, 700, 7001, '2026-01-01T12:00:00Z', '2026-01-01T12:00:00')`))

describe('age', () => {
  it('sets all times back, past triggers, and only times', async () => {
    await client.query(`create function no() returns trigger language plpgsql as 'begin raise exception ''no''; end';
      create trigger no before update on grants for each row execute function no()`)
    await age(rig, 90)
    const [row] = await rig.sql(`select until at time zone 'utc' as until, made, actor from grants`)
    expect(row).toEqual({ until: new Date('2026-01-01T10:30:00'), made: new Date('2026-01-01T10:30:00'), actor: 700 })
    await expect(client.query('update grants set id = 2')).rejects.toThrow('no')
  })
})

describe('rowsWith', () => {
  it('counts rows with a word of each group', async () => {
    expect(await rowsWith(rig, [[700, 'nobody'], [7001]])).toBe(1)
    expect(await rowsWith(rig, [['Ana', 'Bia']])).toBe(2)
  })
  it('takes no part of a word for the word', async () => {
    expect(await rowsWith(rig, [[70]])).toBe(0)
    expect(await rowsWith(rig, [['Ana'], ['Bia']])).toBe(0)
  })
})

describe('unindexedKeys', () => {
  it('names the keys that lead no index', async () => {
    await client.query('create index on grants (id, actor)')
    expect(await unindexedKeys(rig)).toEqual(['grants(actor)', 'grants(subject)'])
  })
  it('takes an index that starts with the key', async () => {
    await client.query('create index on grants (actor, id); create unique index on grants (subject)')
    expect(await unindexedKeys(rig)).toEqual([])
  })
})

describe('blocked and alone', () => {
  it('tell of a session that waits for a lock, and of its end', async () => {
    const other = await server.connect('postgres')
    await client.query('begin; lock table people in share mode')
    expect(await blocked(rig, 1)).toBe(false)
    const insert = other.query(`insert into people values (1, 'Caio')`)
    expect(await blocked(rig, 1)).toBe(true)
    await client.query('commit')
    await insert
    await other.end()
    await alone(rig)
    expect(await rig.sql(`select from pg_stat_activity where query like 'insert%Caio%'`)).toEqual([])
  }, 15_000)
})
