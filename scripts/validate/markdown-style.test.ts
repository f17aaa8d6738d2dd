import { expect, test } from 'vitest'
import { findingsIn, folderWith, testFixtures } from '../core/testing.ts'
import { rule } from './markdown-style.ts'

testFixtures(rule, {
  'error-consistent.md': ['SKILL.md:6:7 Unexpected emphasis marker `_`, expected `*` (emphasis-marker, and 2 more)'],
  'error-recommended.md': [
    'SKILL.md:9:1 Unexpected definition with an already defined identifier (`a`), expected unique identifiers (no-duplicate-definitions)',
  ],
  'valid-crlf.md': [],
  'valid-disabled-there.md': [],
  'valid-plain.md': [],
  'valid-reference-frontmatter': [],
})

test('a document that cannot be parsed is left to the rule readable', async () => {
  expect(await findingsIn(rule, folderWith({ 'SKILL.md': new Uint8Array([0x2d, 0, 0x2d]) }))).toEqual([])
})
