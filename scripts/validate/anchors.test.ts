import { expect, test } from 'vitest'
import { findingsIn, fixturesOf, folderWith, onFixture, skillMd } from '../core/testing.ts'
import { rule } from './anchors.ts'

const table: Record<string, string[]> = {
  'error-other': [
    'SKILL.md:6:1 "references/api.md" has no heading for "#error-handlin"; write "#error-handling"',
    'SKILL.md:6:38 "references/api.md" has no heading for "#gone"; correct it or add the heading',
    'SKILL.md:8:1 "references/api.md" has no heading for "#again-2"; write "#again-1"',
    'references/api.md:11:1 "SKILL.md" has no heading for "#nowhere"; correct it or add the heading',
  ],
  'error-own.md': [
    'SKILL.md:8:1 this file has no heading for "#set-upp"; write "#set-up"',
    'SKILL.md:8:19 this file has no heading for "#Set-up"; write "#set-up"',
    'SKILL.md:8:36 this file has no heading for "#nothing-like-it"; correct it or add the heading',
  ],
  'valid-elsewhere': [],
  'valid-github.md': [],
}

test('every fixture is in the table', () => expect(fixturesOf(rule)).toEqual(Object.keys(table).sort()))

test.each(Object.entries(table))('%s', async (name, expected) => {
  expect(await onFixture(rule, name)).toEqual(expected)
})

test('broken percent-encoding in a fragment is an unknown heading, not a crash', async () => {
  const root = folderWith({ 'SKILL.md': skillMd('# A\n\n[a](#%E0%A4%A) [b](#a)\n') })
  expect(await findingsIn(rule, root)).toEqual([
    'SKILL.md:8:1 this file has no heading for "#%E0%A4%A"; correct it or add the heading',
  ])
})

test('nothing is said about a document that could not be read', async () => {
  const root = folderWith({
    'SKILL.md': skillMd('[a](references/a.md#x)\n'),
    'references/a.md': new Uint8Array([0xff, 0xfe, 0x41, 0]),
  })
  expect(await findingsIn(rule, root)).toEqual([])
})
