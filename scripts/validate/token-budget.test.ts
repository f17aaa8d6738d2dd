import { expect, test } from 'vitest'
import { loadBundle } from '../core/bundle.ts'
import { defaults } from '../core/config.ts'
import { runRule } from '../core/rule.ts'
import { folderWith, testFixtures } from '../core/testing.ts'
import { fewerTokensThan, tokenizer, tokensOf } from '../core/tokens.ts'
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

test.each([
  ['prose', 'The quick brown fox jumps over internationalisation, again and again.\n'.repeat(50)],
  ['code', 'const { rows: [lock] } = await client.query("select pg_try_advisory_lock(727001) as got")\n'.repeat(50)],
  ['a table', '| `a-b` | 12,345 | **x** |\n'.repeat(100)],
  ['base64', Buffer.from(Array.from({ length: 3_000 }, (_, index) => (index * 7919) % 251)).toString('base64')],
  ['ideographs', '数据库设计与迁移'.repeat(100)],
  ['emoji', '🎉👩‍👩‍👧🇧🇷'.repeat(100)],
  ['capitals', 'AbCdEfGh XyZqWrTk '.repeat(100)],
])('the estimate without tokenizer is never below the count: %s', async (_, text) => {
  expect(fewerTokensThan(text)).toBeGreaterThanOrEqual((await tokenizer())(text))
})
