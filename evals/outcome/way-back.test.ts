import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterAll, beforeAll, expect, it } from 'vitest'
import type { Server } from '../../scripts/core/postgres.ts'
import { startDatabases } from './grade.ts'
import { createIdentity } from './identity.ts'
import { createRig } from './rig.ts'
import { assertWayBack } from './way-back.ts'
import { linkModules } from './workspace.ts'

let server: Server
beforeAll(async () => void (server = await startDatabases()), 60_000)
afterAll(() => server?.stop())

/** A migrator that records what it applied, and skips it afterwards. */
const migrator = `import { Client } from 'pg'
const client = new Client({ connectionString: process.env.DATABASE_URL })
await client.connect()
await client.query('create schema if not exists log; create table if not exists log.done (name text)')
if ((await client.query('select from log.done')).rowCount === 0)
  await client.query("alter table leads add column phone text; create index leads_phone_idx on leads (phone); insert into log.done values ('phone')")
await client.end()
`
const forget = 'delete from log.done;\n'
const drop = 'alter table leads drop column phone;\n'
const down = `import { Client } from 'pg'
const client = new Client({ connectionString: process.env.DATABASE_URL })
await client.connect()
await client.query(\`${drop}${forget}\`)
await client.end()
`

/** Judge a folder with `files` and the migrator on a database of its own. */
async function judge(files: Record<string, string>, scripts: Record<string, string> = {}): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'way-back-'))
  const packageJson = JSON.stringify({ scripts: { 'db:migrate': 'bun run migrate.ts', ...scripts } })
  for (const [path, text] of Object.entries({ 'package.json': packageJson, 'migrate.ts': migrator, ...files })) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  linkModules(folder)
  const admin = await server.connect('postgres')
  await admin.query('create database way_back')
  const client = await server.connect('way_back')
  const rig = await createRig(folder, createIdentity(), server.url('way_back'), client, admin)
  try {
    await client.query('create table leads (id int)')
    await assertWayBack(rig)
  } finally {
    await rig.stop()
    await client.end()
    await admin.query('drop database way_back with (force)')
    await admin.end()
    rmSync(folder, { recursive: true })
  }
}

it.each<[string, Record<string, string>, Record<string, string>?]>([
  ['an SQL file', { 'drizzle/down/0001.sql': drop + forget }],
  ['an SQL file that a transaction refuses', { 'rollback.sql': `drop index concurrently leads_phone_idx;\n${drop}${forget}` }],
  ['a package script', { 'back.ts': down }, { 'db:rollback': 'bun run back.ts' }],
  ['a program', { 'scripts/revert-phone.ts': down }],
  ['SQL in a document', { 'docs/rollback.md': `# Back\n\n\`\`\`sql\n${drop}${forget}\`\`\`\n` }],
])('accepts %s', (_name, files, scripts) => judge(files, scripts))

it.each<[string, string, Record<string, string>]>([
  ['nothing that leads back', 'the migration has no way back', { 'drizzle/0001.sql': drop }],
  ['a way back that leaves a column', 'does not restore the schema: + CREATE INDEX leads_phone_idx', { 'down.sql': `${forget}alter table leads rename column phone to mobile;\n` }],
  ['a way back after which nothing is applied', 'does not apply the change again: - CREATE INDEX', { 'down.sql': drop }],
  ['a way back that fails', 'the way back fails: column "mobile"', { 'down.sql': 'alter table leads drop column mobile;' }],
  ['a migration that changes nothing', 'db:migrate changes nothing', { 'migrate.ts': '', 'down.sql': drop }],
])('refuses %s', async (_name, message, files) => {
  await expect(judge(files)).rejects.toThrow(message)
})
