import { symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { findingsIn, folderWith, skillMd, testFixtures } from '../core/testing.ts'
import { rule } from './name-matches-folder.ts'

testFixtures(rule, {
  'error-other.md': ['SKILL.md:2:7 "name" is "other", but the folder is called "demo"; make them equal'],
  'error-package': ['SKILL.md:2:7 "name" is "other", but the package is called "tool-kit"; make them equal'],
  'valid-no-name.md': [],
  'valid-not-text.md': [],
  'valid-package': [],
  'valid-package-in-a-skill': [],
  'valid-same.md': [],
})

const named = (name: string) => skillMd('', `name: ${name}\ndescription: Checks demo files.`)

test.each([
  ['cafe\u0301', 'caf\u00e9'],
  ['caf\u00e9', 'cafe\u0301'],
  ['ｄｅｍｏ', 'demo'],
  ['データ', 'データ'],
])('"%s" is the folder "%s", however it is composed', async (name, folder) => {
  expect(await findingsIn(rule, folderWith({ 'SKILL.md': named(name) }, folder))).toEqual([])
})

test('case counts', async () => {
  expect(await findingsIn(rule, folderWith({ 'SKILL.md': named('demo') }, 'Demo'))).toEqual([
    'SKILL.md:2:7 "name" is "demo", but the folder is called "Demo"; make them equal',
  ])
})

test('a repository without a package has no name to compare with', async () => {
  const root = folderWith({ 'SKILL.md': named('other'), '.git/HEAD': 'ref: refs/heads/main' })
  expect(await findingsIn(rule, root)).toEqual([])
})

test('a broken package.json counts for nothing', async () => {
  const broken = { 'SKILL.md': named('other'), 'package.json': '{' }
  expect(await findingsIn(rule, folderWith(broken))).toEqual([])
})

test('a linked folder goes by the name of its target or its own', async () => {
  const root = folderWith({ 'SKILL.md': named('demo') })
  const link = join(dirname(root), 'alias')
  symlinkSync(root, link)
  expect(await findingsIn(rule, link)).toEqual([])
})
