import { basename } from 'node:path'
import { expect, test } from 'vitest'
import { registry } from '../validate/registry.ts'
import { loadBundle } from '../core/bundle.ts'
import { defaults } from '../core/config.ts'
import { validate } from '../core/run.ts'
import { runRule } from '../core/rule.ts'
import { folderWith } from '../core/testing.ts'
import { defects } from './defects.ts'
import { nameAt, skillAt, writeSkills } from './generate.ts'

test('the same number gives the same skill, another number another', () => {
  expect(skillAt(3)).toEqual(skillAt(3))
  expect(skillAt(3)).not.toEqual(skillAt(4))
  expect(skillAt(0)['SKILL.md']).toMatch(/^---\nname: invoice-audit\ndescription: .+\. Use when .+\. Not for .+\.\n/)
})

test('a thousand skills have a thousand names and bodies of 60 to 150 lines', () => {
  const indexes = Array.from({ length: 1_000 }, (_, index) => index)
  expect(new Set(indexes.map(nameAt)).size).toBe(1_000)
  const lines = indexes.map((index) => skillAt(index)['SKILL.md']!.split('\n---\n\n')[1]!.trimEnd().split('\n').length)
  expect(Math.min(...lines)).toBeGreaterThanOrEqual(60)
  expect(Math.max(...lines)).toBeLessThanOrEqual(150)
})

test('seventeen generated skills are clean', { timeout: 30_000 }, async () => {
  const folder = folderWith({}, 'skills')
  writeSkills(folder, 17)
  const { files, skills } = await validate([folder], { ...defaults, profiles: ['spec', 'claude', 'upload'] })
  expect(skills).toBe(17)
  expect(files.flatMap(({ path, messages }) => messages.map(({ reason }) => `${path} ${reason}`))).toEqual([])
})

test.each(defects)('the planted $kind defect is one that our rules notice', async ({ kind, plant }) => {
  const files = skillAt(0)
  const root = folderWith({ ...files, 'SKILL.md': plant(files['SKILL.md']!) }, nameAt(0))
  const bundle = loadBundle(root)
  const found = (await Promise.all(registry.map((rule) => runRule(rule, bundle, defaults)))).flat()
  expect(basename(root)).toBe(nameAt(0))
  expect(new Set(found.map(([, { ruleId }]) => ruleId)))
    .toContain({ description: 'frontmatter-schema', link: 'links', style: 'markdown-style' }[kind])
})
