import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type pg from 'pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { fencesIn, guideDocuments } from './documents.ts'
import { startEmbedded, type Server } from './postgres.ts'
import { statementsOf } from './sql.ts'

/** Statements whose plan a reference promises, on tables large enough that the planner would rather not scan them. */
const documents = guideDocuments()
let server: Server
beforeAll(async () => {
  server = await startEmbedded(readFileSync(join(import.meta.dirname, 'schema.sql'), 'utf8'))
}, 60_000)
afterAll(async () => server?.stop(), 30_000)

test('depth of the inbox: partial indexes, no scan of what is done', () => server.onCopy(async (client) => {
  await client.query(`insert into integration_events (source, event_id, type, payload, status, processed_at)
    select 'stripe', 'evt_' || n, 'x', '{}', 'done', now() from generate_series(1, 50000) as n`)
  await client.query('vacuum analyze integration_events')
  const depth = await statement('references/infrastructure.md', 'as depth')
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
  const page = (await statement('references/database-design.md', '(created_at, id) <')).replace(/^explain \([^)]*\)\s*/, '')
  expect(await nodesOf(client, page)).toEqual(['Limit', 'Index Scan'])
}), 60_000)

async function statement(path: string, part: string): Promise<string> {
  const fences = fencesIn(documents.filter((document) => document.path === path), ['sql'])
  const all = (await Promise.all(fences.map(({ node }) => statementsOf(node.value)))).flat()
  const found = all.filter(({ text }) => text.includes(part))
  if (found.length !== 1) throw new Error(`${path} has ${found.length} statements with ${part}, not one`)
  return found[0]!.text
}

interface Plan {
  'Node Type': string
  Plans?: Plan[]
}

async function nodesOf(client: pg.Client, sql: string): Promise<string[]> {
  const { rows } = await client.query<{ 'QUERY PLAN': [{ Plan: Plan }] }>(`explain (format json) ${sql}`)
  const walk = ({ 'Node Type': type, Plans = [] }: Plan): string[] => [type, ...Plans.flatMap(walk)]
  return walk(rows[0]!['QUERY PLAN'][0].Plan)
}
