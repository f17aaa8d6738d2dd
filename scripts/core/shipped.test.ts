import { expect, test } from 'vitest'
import { shippedFiles } from './shipped.ts'
import { folderWith } from './testing.ts'

test('the skill ships, its tooling and hidden files stay', () => {
  const folder = folderWith({
    'SKILL.md': 's', 'LICENSE': 'l', 'README.md': 'r', 'references/b.md': 'b', 'references/a.md': 'a', 'references/.DS_Store': 'x',
    'scripts/audit.mjs': 'm', 'scripts/audit.ts': 't', 'evals/run.ts': 'e', 'node_modules/x/SKILL.md': 'n',
  })
  expect(shippedFiles(folder)).toEqual(['LICENSE', 'SKILL.md', 'references/a.md', 'references/b.md', 'scripts/audit.mjs'])
})

test('what is absent is left out', () => {
  expect(shippedFiles(folderWith({ 'SKILL.md': 's' }))).toEqual(['SKILL.md'])
})
