import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { is } from 'drizzle-orm'
import { drizzle } from 'drizzle-orm/node-postgres'
import { PgTable } from 'drizzle-orm/pg-core'
import { expect, test } from 'vitest'
import { onBothVersions } from './both-versions.ts'
import { documentOf, fencesIn, guideDocuments } from './documents.ts'
import * as tables from './prelude/shared/drizzle/schema.ts'
import { sqlProblems, statementsOf } from './sql.ts'

const schema = readFileSync(join(import.meta.dirname, 'schema.sql'), 'utf8')
const fences = fencesIn(guideDocuments(), ['sql']).filter(({ attributes }) => attributes.unchecked === undefined)

onBothVersions(schema, (server) => {
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

test('there are fences to run', () => {
  expect(fences.length).toBeGreaterThan(10)
})

test('statements are divided by the parser, not at semicolons', async () => {
  expect(await statementsOf("select 'á;';\n\n/* ; */ do $$ begin; end $$;")).toEqual([
    { text: "select 'á;'", line: 1 },
    { text: 'do $$ begin; end $$', line: 3 },
  ])
})
