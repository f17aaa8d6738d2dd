import { relative } from 'node:path'
import { expect, test } from 'vitest'
import { discoverSkills } from '../core/discover.ts'
import { folderWith, skillMd } from '../core/testing.ts'

function found(files: Record<string, string>, path = '.'): string[] {
  const root = folderWith(files)
  const { skills, findings } = discoverSkills([path === '.' ? root : `${root}/${path}`])
  return [...skills.map((skill) => relative(root, skill)), ...findings.map(([file, { ruleId, reason }]) => `${ruleId} ${relative(root, file)} ${reason}`)]
}

// No fixtures: names that differ in case alone cannot lie side by side on every disk.
const skill = skillMd('# Demo\n')
const rename = 'rename it to SKILL.md, clients look for exactly that'

test.each(['skill.md', 'Skill.md', 'SKILL.MD'])('%s is told', (name) => {
  expect(found({ [name]: skill })).toEqual([`skill-file-name ${name} the file is called "${name}"; ${rename}`])
  expect(found({ [`skills/a/${name}`]: skill })).toEqual([`skill-file-name skills/a/${name} the file is called "${name}"; ${rename}`])
  expect(found({ [name]: skill }, name)).toEqual([`skill-file-name ${name} the file is called "${name}"; ${rename}`])
})

test('SKILL.md is quiet, also beside other spellings and folders', () => {
  expect(found({ 'SKILL.md': skill })).toEqual([''])
  expect(found({ 'a/SKILL.md': skill, 'b/SKILL.md': skill, 'b/c/SKILL.md': skill, 'skill.md/d/SKILL.md': skill })).toEqual(['a', 'b', 'skill.md/d'])
  expect(found({ 'a/SKILL.md': skill, 'a/skill.md': skill })).toEqual(['a'])
  expect(found({ 'a/SKILL.md': skill }, 'a/SKILL.md')).toEqual(['a'])
})

test('the same skill by two paths is one', () => {
  const root = folderWith({ 'a/SKILL.md': skill })
  expect(discoverSkills([root, `${root}/a`, `${root}/a/SKILL.md`, `${root}/./a`]).skills).toEqual([`${root}/a`])
})

test('folders that hold no skills of their own are passed over', () => {
  expect(found({ 'a/SKILL.md': skill, 'node_modules/b/SKILL.md': skill, 'fixtures/c/SKILL.md': skill, '1/2/3/4/5/6/SKILL.md': skill, '1/2/3/4/5/6b/7/SKILL.md': skill })).toEqual(['1/2/3/4/5/6', 'a'])
})
