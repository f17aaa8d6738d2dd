import { expect, test } from 'vitest'
import { loadBundle } from '../core/bundle.ts'
import { defaults } from '../core/config.ts'
import { runRule } from '../core/rule.ts'
import { folderWith, skillMd, testFixtures } from '../core/testing.ts'
import { rule } from './hidden-instructions.ts'

const at = (place: string) =>
  `SKILL.md:${place} an instruction to the model is hidden in a comment, title or image text; write it as visible text or delete it`

testFixtures(rule, {
  'error-comment.md': [at('8:1'), at('11:6')],
  'error-styled.md': [at('6:1')],
  'error-titles.md': [at('6:1'), at('8:1'), at('10:1')],
  'error-unclosed.md': [at('6:1')],
  'valid-comments.md': [],
  'valid-visible.md': [],
})

test('4,000 comments that are never closed come to an end', async () => {
  const bundle = loadBundle(folderWith({ 'SKILL.md': skillMd('<!--\n\n'.repeat(4_000)) }))
  expect(bundle.skill.problem).toBeUndefined()
  expect(await runRule(rule, bundle, defaults)).toEqual([])
})
