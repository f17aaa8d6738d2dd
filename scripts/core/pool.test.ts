import { expect, test } from 'vitest'
import { defaults } from './config.ts'
import { inThreads } from './pool.ts'
import { folderWith, skillMd } from './testing.ts'

test('results keep the order of the skills', async () => {
  const skills = ['a', 'b', 'c'].map((name) => folderWith({ 'SKILL.md': skillMd('# A\n', `name: ${name}\ndescription: X.`) }, name))
  const results = await inThreads({ skills, config: defaults })
  expect(results.map(({ root }) => root)).toEqual(skills)
  expect(results.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
})

test('a skill that runs over the deadline has one finding, the others are checked', async () => {
  const slow = folderWith({ 'SKILL.md': skillMd('# A\n'), 'references/a.md': '- [a](b)\n'.repeat(1_500) })
  const [late] = await inThreads({ skills: [slow], config: defaults, deadline: 1 })
  expect(late!.findings.map(([path, { reason }]) => `${path} ${reason}`)).toEqual([
    'SKILL.md the skill could not be checked within 0.001 s or its share of memory; split its largest files',
  ])
  const [again] = await inThreads({ skills: [slow], config: defaults })
  expect(again!.name).toBe('demo')
})
