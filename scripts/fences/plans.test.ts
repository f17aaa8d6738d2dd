import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEmbedded, type Server } from '../core/postgres.ts'
import { statementWith } from './statements.ts'

let server: Server
/** Statements whose plan a reference promises, on tables so large that the planner has a reason. */
beforeAll(async () => {
  server = await startEmbedded(readFileSync(join(import.meta.dirname, 'schema.sql'), 'utf8'))
}, 60_000)
afterAll(async () => server?.stop(), 30_000)

test('depth of the inbox: partial indexes, no scan of what is done', () => server.onCopy(async (client) => {
  await client.query(`insert into integration_events (source, event_id, type, payload, status, processed_at)
    select 'stripe', 'evt_' || n, 'x', '{}', 'done', now() from generate_series(1, 50000) as n`)
  await client.query('vacuum analyze integration_events')
  const depth = await statementWith('references/infrastructure.md', 'as depth')
  const { rows } = await client.query<{ status: string; depth: string }>(depth)
  expect(rows.map(({ status, depth }) => [status, Number(depth)])).toEqual([['pending', 40], ['dead', 20]])
  expect(await nodesOf(client, depth)).not.toContain('Seq Scan')
  const naive = "select source, status, count(*) from integration_events where status <> 'done' group by 1, 2"
  expect(await nodesOf(client, naive)).toContain('Seq Scan')
}), 60_000)

test('a keyset page: by index, without a sort', () => server.onCopy(async (client) => {
  await client.query(`insert into leads (mentorado_id, name, created_at)
    select 7, 'Lead', timestamptz '2026-11-20' - n * interval '1 minute' from generate_series(1, 20000) as n`)
  await client.query('vacuum analyze leads')
  const page = (await statementWith('references/database-design.md', '(created_at, id) <')).replace(/^explain \([^)]*\)\s*/, '')
  expect(await nodesOf(client, page)).toEqual(['Limit', 'Index Scan'])
}), 60_000)

interface Plan {
  'Node Type': string
  Plans?: Plan[]
}

async function nodesOf(client: pg.Client, sql: string): Promise<string[]> {
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`explain (format json) ${sql}`)
  const walk = ({ 'Node Type': type, Plans = [] }: Plan): string[] => [type, ...Plans.flatMap(walk)]
  return walk(rows[0]!['QUERY PLAN'][0].Plan)
}
