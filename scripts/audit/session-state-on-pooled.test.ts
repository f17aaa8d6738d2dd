import { rule } from './session-state-on-pooled.ts'
import { testRule } from './testing.ts'

const neon = JSON.stringify({ name: 'demo', dependencies: { '@neondatabase/serverless': '1.2.0', 'drizzle-orm': '0.45.4', hono: '4.13.19' } })
const message = (what: string) => `${what} needs a session, which a pooled connection does not keep; use the direct URL, or the form that ends with the transaction`

testRule(rule, [
  ['on Neon', { 'package.json': neon, 'server/a.ts': "await client.query('LISTEN agenda')\nawait db.execute(sql`select pg_advisory_lock(${id})`)\nawait pool.query('SET search_path TO x')" }, [
    `server/a.ts:1:20 warning ${message('LISTEN a')}`, `server/a.ts:2:21 warning ${message('pg_advisory_lock')}`, `server/a.ts:3:18 warning ${message('SET search_path')}`,
  ]],
  ['migrations over the pooler', { 'drizzle.config.ts': "import { defineConfig } from 'drizzle-kit'\nexport default defineConfig({ dbCredentials: { url: process.env.DATABASE_URL_POOLED } })", 'server/migrate.ts': "const url = 'postgres://u@ep-x-pooler.eu.neon.tech/db'" }, [
    'drizzle.config.ts:2:53 error migrations over the pooled URL lose their locks and session settings; give them the direct URL',
    'server/migrate.ts:1:13 error migrations over the pooled URL lose their locks and session settings; give them the direct URL',
  ]],
  ['a setting that the next request inherits', 'export const setTenant = (id) => db.execute(sql`select set_config(\'app.tenant\', ${id}, false)`)\nexport const local = (id) => tx.execute(sql`select set_config(\'app.tenant\', ${id}, true)`)', ['server/api.ts:1:48 warning set_config(…, false) stays on a connection of the pool that the next request gets; use a transaction and true']],
  ['transaction forms, the direct URL, no pooler, words', { 'package.json': neon, 'server/a.ts': "await tx.execute(sql`select pg_advisory_xact_lock(1)`)\nawait tx.execute(sql`SET LOCAL statement_timeout = '1s'`)\nlog('Please LISTEN to this')", 'server/b.ts': "const client = new Client(env.DIRECT_URL)\nawait client.query('LISTEN agenda')" }, []],
  ['another database', "await client.query('LISTEN agenda')", []],
])
