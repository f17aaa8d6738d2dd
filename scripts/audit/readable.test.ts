import { expect, test } from 'vitest'
import { rule } from './readable.ts'
import { findingsOn, testRule } from './testing.ts'

testRule(rule, [
  ['broken syntax: the place and the rest still audited', "import 'hono'\nconst a = {\nfunction (", ['server/api.ts:3:11 warning not audited: syntax error (Unexpected token); correct the file']],
  ['good files', "import { Hono } from 'hono'\nexport const app = new Hono()", []],
  ['minified code', `var server=1;${'a'.repeat(30_000)}`, ['server/api.ts:0:0 info not audited: looks minified; name it under "ignore"']],
  ['too large', 'x\n'.repeat(600_000), ['server/api.ts:0:0 warning not audited: 1200000 bytes, the limit is 1048576; split it or name it under "ignore"']],
  ['SQL that is none; that of another database is left out', { 'drizzle/0000_a.sql': 'CREATE TABEL a (id int);', 'drizzle/0001_sqlite.sql': 'CREATE TABLE `a` (`id` int);' }, ['drizzle/0000_a.sql:1:8 info not audited: not PostgreSQL (syntax error at or near "TABEL"); correct the file if it is meant to be']],
  ['empty files say nothing', { 'server/a.ts': '', 'drizzle/0000_a.sql': '-- nothing' }, []],
])

test('bytes that are no text', async () => {
  expect(await findingsOn(rule, { 'server/a.ts': new Uint8Array([0xff, 0xfe, 0x61, 0x00]), 'server/b.ts': new Uint8Array([0x61, 0xc3, 0x28]) })).toEqual([
    'server/a.ts:0:0 warning not audited: the file is UTF-16; save it as UTF-8',
    'server/b.ts:0:0 warning not audited: invalid UTF-8 at byte offset 1; save the file as UTF-8',
  ])
})

test.each([
  ['brackets', `export const server = ${'[\n'.repeat(20_000)}${']\n'.repeat(20_000)}`],
  ['sums', `export const server = 1${'+ 1\n'.repeat(60_000)}`],
])('deep nesting of %s is a finding, not a crash', async (_, text) => {
  expect(await findingsOn(rule, { 'server/a.ts': text })).toEqual(['server/a.ts:1:1 warning not audited: nested too deeply; split it'])
})
