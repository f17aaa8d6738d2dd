import { expect, test } from 'vitest'
import { defaults, type Config } from '../core/config.ts'
import { validate } from '../core/run.ts'
import { findingsIn, folderWith, skillMd, testFixtures } from '../core/testing.ts'
import { rule } from './frontmatter-keys.ts'

testFixtures(rule, {
  'error-claude.md': [
    'SKILL.md:4:1 only Claude Code knows the field "model", uploads refuse the skill; put it under metadata or remove it',
    'SKILL.md:5:1 only Claude Code knows the field "argument-hint", uploads refuse the skill; put it under metadata or remove it',
  ],
  'error-far.md': [
    'SKILL.md:4:1 unknown field "version"; put it under metadata or remove it',
    'SKILL.md:5:1 unknown field "date"; put it under metadata or remove it',
    'SKILL.md:6:1 unknown field "author"; put it under metadata or remove it',
  ],
  'error-near.md': [
    'SKILL.md:4:1 unknown field "Licence"; did you mean "license"?',
    'SKILL.md:5:1 unknown field "allowed_tools"; did you mean "allowed-tools"?',
    'SKILL.md:6:1 unknown field "user-invokable"; did you mean "user-invocable"?',
    'SKILL.md:7:1 unknown field "when-to-use"; did you mean "when_to_use"?',
  ],
  'error-strange.md': [
    'SKILL.md:4:1 unknown field "1"; put it under metadata or remove it',
    'SKILL.md:5:1 unknown field "a b"; put it under metadata or remove it',
    'SKILL.md:6:1 unknown field "__proto__"; put it under metadata or remove it',
  ],
  'valid-six.md': [],
})

const fields = 'name: demo\ndescription: Checks demo files.\nmodel: opus\ncolour: red'

test.each<[Config['profiles'], string[]]>([
  [['spec'], ['warning model', 'error colour']],
  [['claude'], ['warning model', 'warning colour']],
  [['spec', 'claude'], ['warning model', 'error colour']],
  [['upload'], ['error model', 'error colour']],
  [['spec', 'claude', 'upload'], ['error model', 'error colour']],
])('what %j makes of a field of Claude Code and of an unknown one', async (profiles, expected) => {
  const { files } = await validate([folderWith({ 'SKILL.md': skillMd('', fields) })], { ...defaults, profiles }, [rule.id])
  expect(files[0]!.messages.map(({ severity, reason }) => `${severity} ${/"(\w+)"/.exec(reason)![1]}`)).toEqual(expected)
})

test('a field that the skill has already is not proposed again', async () => {
  const [found] = await findingsIn(rule, folderWith({ 'SKILL.md': skillMd('', 'name: demo\nnames: x') }))
  expect(found).toBe('SKILL.md:3:1 unknown field "names"; put it under metadata or remove it')
})

test('a very long key is shortened', async () => {
  const [found] = await findingsIn(rule, folderWith({ 'SKILL.md': skillMd('', `${'k'.repeat(900)}: x`) }))
  expect(found).toBe(`SKILL.md:2:1 unknown field "${'k'.repeat(47)}..."; put it under metadata or remove it`)
})
