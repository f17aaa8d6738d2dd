import { expect, test } from 'vitest'
import { defaults } from '../core/config.ts'
import { runCollectionRule } from '../core/rule.ts'
import { testFixtures } from '../core/testing.ts'
import { rule } from './listing-budget.ts'

testFixtures(rule, {
  'error-cut.md': [
    'SKILL.md:3:14 description and when_to_use have 1549 characters together, Claude Code cuts them at 1536; shorten them',
  ],
  'valid-limit.md': [],
  'valid-list-value.md': [],
})

const listing = (count: number, length: number) =>
  Array.from({ length: count }, (_, index) => ({
    root: `/s/skill-${index}`,
    name: `skill-${index}`,
    description: 'x'.repeat(index === 1 ? length + 1 : length),
  }))

test('all descriptions together', () => {
  expect(
    runCollectionRule(rule, listing(8, 1_100), defaults).map(([path, { reason, profiles, severity }]) => [
      path,
      reason,
      profiles,
      severity,
    ]),
  ).toEqual([
    [
      '/s/skill-1/SKILL.md',
      'the 8 skills take 8857 characters of the listing; beyond 8000 Claude Code drops whole descriptions, shorten the longest (this one) or install fewer',
      ['claude'],
      'warning',
    ],
  ])
  expect(runCollectionRule(rule, listing(7, 1_100), defaults)).toEqual([])
})

test('a single description counts as long as it is shown', () => {
  expect(runCollectionRule(rule, listing(5, 9_000), defaults)).toEqual([])
})
