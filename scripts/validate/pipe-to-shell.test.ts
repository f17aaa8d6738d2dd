import { expect, test } from 'vitest'
import { loadBundle } from '../core/bundle.ts'
import { defaults } from '../core/config.ts'
import { runRule } from '../core/rule.ts'
import { folderWith, skillMd, testFixtures } from '../core/testing.ts'
import { rule } from './pipe-to-shell.ts'

const at = (place: string) =>
  `SKILL.md:${place} a download is piped into an interpreter; download, check, then run, or use a package manager`

testFixtures(rule, {
  'error-fences.md': ['7:1', '8:1', '9:1', '11:1', '12:1', '13:1', '14:1', '15:1', '19:1', '20:1'].map(at),
  'error-inline.md': [at('6:6'), at('10:8')],
  'valid-attack.md': [],
  'valid-filters.md': [],
  'valid-warning.md': [],
})

test('a line of 50,000 words without a pipe comes to an end', async () => {
  const bundle = loadBundle(folderWith({ 'SKILL.md': skillMd(`\`\`\`sh\n${'curl '.repeat(50_000)}\n\`\`\`\n`) }))
  expect(bundle.skill.problem).toBeUndefined()
  expect(await runRule(rule, bundle, defaults)).toEqual([])
})
