import { expect, test } from 'vitest'
import { loadBundle } from '../core/bundle.ts'
import { defaults } from '../core/config.ts'
import { runRule } from '../core/rule.ts'
import { folderWith, testFixtures } from '../core/testing.ts'
import { tokenizer, tokensOf } from '../core/tokens.ts'
import { rule } from './token-budget.ts'

testFixtures(
  rule,
  {
    'error-over': [
      'SKILL.md:1:1 29 tokens, the budget is 25; cut words or move detail to another reference',
      'references/a.md:1:1 11 tokens, the budget is 10; cut words or move detail to another reference',
    ],
    'valid-within.md': [],
  },
  { budgets: { skillTokens: 25, referenceTokens: 10 } },
)

test('the default budgets are those of the format', () => {
  expect(defaults.budgets).toEqual({ skillTokens: 5_000, referenceTokens: 10_000 })
})

test('counts are kept for the summary', async () => {
  const bundle = loadBundle(folderWith({ 'SKILL.md': 'one two three\n' }))
  await runRule(rule, bundle, { ...defaults, budgets: { skillTokens: 5, referenceTokens: 5 } })
  expect(tokensOf(bundle)).toEqual({ 'SKILL.md': 4 })
})

test.each([
  ['one letter', 'a'.repeat(200_000)],
  ['spaces', ' '.repeat(200_000)],
  ['ideographs', '你'.repeat(100_000)],
])('%s in a long run are counted', async (_, text) => {
  const count = await tokenizer()
  expect(count(text)).toBeGreaterThan(100)
})

test('special tokens in the text are text', async () => {
  expect((await tokenizer())('<|endoftext|>')).toBeGreaterThan(1)
})
