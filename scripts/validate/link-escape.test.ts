import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findingsIn, fixturesOf, folderWith, onFixture, skillMd } from '../core/testing.ts'
import { rule } from './link-escape.ts'

const out = (path: string) => `"${path}" leaves the skill; copy the file into the skill or link to a web address`
const absolute = (path: string) => `"${path}" is an absolute path; write the path from this file's folder`
const machine = (path: string) =>
  `"${path}" works on one machine only; copy the file into the skill and link it from this file's folder`
const backslash = (path: string) =>
  `"${path}" holds a backslash, which only Windows takes for "/"; write "references/api.md"`
const symbolic = 'this symbolic link leaves the skill; replace it by the file itself'
const through = (path: string, link: string) =>
  `"${path}" leads out of the skill through the symbolic link "${link}"; replace the link by the file itself`

const table: Record<string, string[]> = {
  'error-absolute': [
    `SKILL.md:6:1 ${absolute('/etc/hosts')}`,
    `SKILL.md:6:18 ${absolute('/references/api.md')} ("references/api.md" counts from the skill's root)`,
    `SKILL.md:6:43 ${absolute('~/notes.md')}`,
    `SKILL.md:6:60 ${absolute('C:\\notes.md')}`,
    `SKILL.md:6:78 ${absolute('c:/notes.md')}`,
    `SKILL.md:6:96 ${absolute('%2Fetc/hosts')}`,
    `SKILL.md:7:1 ${absolute('\\\\server\\share')}`,
    `SKILL.md:7:24 ${machine('file:///etc/hosts')}`,
    `SKILL.md:7:48 ${machine('FILE:x.md')}`,
  ],
  'error-backslash': [
    `SKILL.md:6:1 ${backslash('references\\api.md')}`,
    `SKILL.md:6:28 ${backslash('references%5Capi.md')}`,
  ],
  'error-parent': [
    `SKILL.md:6:1 ${out('../other/SKILL.md')}`,
    `SKILL.md:6:25 ${out('%2e%2e/other.md')}`,
    `SKILL.md:6:47 ${out('references/..%2F..%2Fother.md')}`,
    `SKILL.md:6:83 ${out('../demo/references/api.md')}`,
    `SKILL.md:6:115 ${out('..')}`,
    `SKILL.md:8:1 ${out('../logo.png')}`,
    `SKILL.md:8:32 ${out('${CLAUDE_SKILL_DIR}/../x.md')}`,
    `SKILL.md:10:1 ${out('./../f.md')}`,
    `references/api.md:1:1 ${out('../../x.md')}`,
  ],
  'error-repository': [`SKILL.md:6:1 ${out('../other.md')}`, `README.md:1:1 ${out('../other.md')}`],
  'valid-inside': [],
}

test('every fixture is in the table', () => expect(fixturesOf(rule)).toEqual(Object.keys(table).sort()))

test.each(Object.entries(table))('%s', async (name, expected) => {
  expect(await onFixture(rule, name)).toEqual(expected)
})

test('an existing file outside the skill is no excuse', async () => {
  const root = folderWith({ 'SKILL.md': skillMd('[a](../beside.md)\n') })
  writeFileSync(join(root, '../beside.md'), '# There\n')
  expect(await findingsIn(rule, root)).toEqual([`SKILL.md:6:1 ${out('../beside.md')}`])
})

test('symbolic links that leave the skill are told, linked or not', async () => {
  const root = folderWith({
    'SKILL.md': skillMd('[a](references/hosts.md) [b](system/hosts) [c](same.md) [d](gone.md)\n'),
    'references/a.md': '# A\n',
  })
  symlinkSync('/etc/hosts', join(root, 'references/hosts.md'))
  symlinkSync('/etc', join(root, 'system'))
  symlinkSync('/nothing/there', join(root, 'gone.md'))
  symlinkSync('references/a.md', join(root, 'same.md'))
  symlinkSync('.', join(root, 'loop'))
  expect(await findingsIn(rule, root)).toEqual([
    `gone.md:1:1 ${symbolic}`,
    `references/hosts.md:1:1 ${symbolic}`,
    `system:1:1 ${symbolic}`,
    `SKILL.md:6:1 ${through('references/hosts.md', 'references/hosts.md')}`,
    `SKILL.md:6:26 ${through('system/hosts', 'system')}`,
    `SKILL.md:6:57 ${through('gone.md', 'gone.md')}`,
  ])
})

test("at a repository root, links of its tools are not the skill's", async () => {
  const root = folderWith({ 'SKILL.md': skillMd('# A\n'), 'package.json': '{"name":"demo"}' })
  mkdirSync(join(root, '.venv/bin'), { recursive: true })
  symlinkSync('/usr/bin/env', join(root, '.venv/bin/python'))
  expect(await findingsIn(rule, root)).toEqual([])
  mkdirSync(join(root, 'scripts'))
  symlinkSync('/usr/bin/env', join(root, 'scripts/run'))
  expect(await findingsIn(rule, root)).toEqual([`scripts/run:1:1 ${symbolic}`])
})
