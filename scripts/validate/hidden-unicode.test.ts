import { expect, test } from 'vitest'
import { loadBundle } from '../core/bundle.ts'
import { defaults } from '../core/config.ts'
import { runRule } from '../core/rule.ts'
import { findingsIn, folderWith, skillMd, testFixtures } from '../core/testing.ts'
import { rule } from './hidden-unicode.ts'

const at = (place: string, codes: string) => `SKILL.md:${place} hidden characters ${codes}; delete them (--fix does)`

testFixtures(rule, {
  'error-bidi.md': [at('6:6', 'U+202E'), at('6:14', 'U+202C'), at('6:20', 'U+2066'), at('6:29', 'U+2069')],
  'error-in-fence.md': [at('7:4', 'U+202E')],
  'error-split-letters.md': [at('6:8', 'U+200B U+200B U+200B U+200B')],
  'error-tags.md': [
    at('6:6', 'U+E0069 U+E0067 U+E006E U+E006F and 6 more'),
    at('8:3', 'U+E0072 U+E0075 U+E006E U+E0020 and 9 more'),
  ],
  'error-variation-run.md': [at('6:2', 'U+FE01 U+FE02 U+FE03'), at('6:7', 'U+E0101')],
  'error-zero-width-run.md': [at('6:2', 'U+200B U+200B'), at('6:7', 'U+2060 U+2061')],
  'valid-bom.md': [],
  'valid-emoji.md': [],
  'valid-flags.md': [],
  'valid-lone.md': [],
  'valid-scripts.md': [],
})

test('a second byte order mark is found, the first is not', async () => {
  expect(await findingsIn(rule, folderWith({ 'SKILL.md': `\uFEFF\uFEFF${skillMd('a\n')}` }))).toEqual([
    at('1:1', 'U+FEFF'),
  ])
})

test('a file full of hidden characters ends in one line that says so', async () => {
  const root = folderWith({ 'SKILL.md': skillMd('a\u202E'.repeat(50_000)) })
  const found = await runRule(rule, loadBundle(root), defaults)
  expect(found).toHaveLength(201)
  expect(found.at(-1)![1].reason).toBe('more than 200 findings of this rule in this file; the rest is not shown')
})
