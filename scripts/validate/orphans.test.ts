import { expect, test } from 'vitest'
import { loadBundle } from '../core/bundle.ts'
import { defaults } from '../core/config.ts'
import { runRule } from '../core/rule.ts'
import { findingsIn, fixturesOf, folderWith, onFixture, skillMd } from '../core/testing.ts'
import { rule } from './orphans.ts'

const lost = 'no path of links leads here from SKILL.md, so no agent opens it; link it or delete it'

const named = 'this file is only named in code, never linked; link it, so that agents find it and its path is checked'

const table: Record<string, string[]> = {
  'error-reference': [
    `notes.md:1:1 ${lost}`,
    `references/lost-too.md:1:1 ${lost}`,
    `references/lost.md:1:1 ${named}`,
    `references/security.md:1:1 ${lost}`,
  ],
  'valid-named': [],
  'valid-reached': [],
}

test('every fixture is in the table', () => expect(fixturesOf(rule)).toEqual(Object.keys(table).sort()))

test.each(Object.entries(table))('%s', async (name, expected) => {
  expect(await onFixture(rule, name)).toEqual(expected)
})

test('an orphan below references/ is an error unless it is named, another a warning', async () => {
  const bundle = loadBundle(folderWith({
    'SKILL.md': skillMd('```sh\ncat references/c.md\n```\n'), 'references/a.md': '# A\n', 'references/c.md': '# C\n', 'b.md': '# B\n',
  }))
  expect((await runRule(rule, bundle, defaults)).map(([path, { severity }]) => `${path} ${severity}`)).toEqual([
    'b.md warning',
    'references/a.md error',
    'references/c.md warning',
  ])
})

test('nothing is concluded from a document that could not be read', async () => {
  const root = folderWith({
    'SKILL.md': skillMd('[a](references/a.md)\n'),
    'references/a.md': '',
    'references/b.md': '# B\n',
  })
  expect(await findingsIn(rule, root)).toEqual([])
})
