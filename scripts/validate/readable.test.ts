import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { maxTextBytes } from '../core/text.ts'
import { findingsIn, folderWith, skillMd, testFixtures } from '../core/testing.ts'
import { rule } from './readable.ts'

testFixtures(rule, {
  'error-cut-character.md': ['SKILL.md:1:1 invalid UTF-8 at byte offset 52; save the file as UTF-8'],
  'error-empty.md': ['SKILL.md:1:1 the file is empty; write its content or delete it'],
  'error-latin1.md': ['SKILL.md:1:1 invalid UTF-8 at byte offset 55; save the file as UTF-8'],
  'error-nested.md': ['SKILL.md:6:1 more than 100 nested lists or quotes; flatten them'],
  'error-nul.md': ['SKILL.md:1:1 NUL byte at byte offset 53; the file is binary or UTF-16, save it as UTF-8 text'],
  'error-overlong.md': ['SKILL.md:1:1 invalid UTF-8 at byte offset 52; save the file as UTF-8'],
  'error-reference': ['references/a.md:1:1 invalid UTF-8 at byte offset 4; save the file as UTF-8'],
  'error-utf16.md': ['SKILL.md:1:1 the file is UTF-16; save it as UTF-8'],
  'valid-links-inside': [],
  'valid-nested.md': [],
  'valid-other-files': [],
  'valid-text.md': [],
})

const skill = skillMd('# Demo\n')

test('a file of the largest size is read, one byte more is not', async () => {
  const words = (bytes: number) => `# A\n\n${'word '.repeat(bytes)}`.slice(0, bytes)
  expect(await findingsIn(rule, folderWith({ 'SKILL.md': skill, 'a.md': words(maxTextBytes) }))).toEqual([])
  expect(await findingsIn(rule, folderWith({ 'SKILL.md': skill, 'a.md': words(maxTextBytes + 1) }))).toEqual([
    'a.md:1:1 the file has 262145 bytes, the limit is 262144; split it',
  ])
})

test('documents that together take too long are not read to the end', { timeout: 300_000 }, async () => {
  const slow = 'a\n\n'.repeat(7_000)
  const files = Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`references/${i + 10}.md`, slow]))
  expect(await findingsIn(rule, folderWith({ 'SKILL.md': skill, ...files }))).toEqual([
    'references/18.md:1:1 the documents before this one take too long to read; it and the rest are not checked, split the skill',
  ])
})

test('folders below the twelfth are not looked at, which is said', async () => {
  const deep = Array.from({ length: 13 }, (_, i) => `d${i}`).join('/')
  expect(await findingsIn(rule, folderWith({ 'SKILL.md': skill, [`${deep}/a.md`]: '' }))).toEqual([`${deep}:1:1 deeper than 12 folders; not looked at`])
})

test('links: inside is read, nowhere and upward are told, outside is the business of link-escape', async () => {
  const root = folderWith({ 'SKILL.md': skill, 'references/a.md': '# A\n' })
  symlinkSync('references/a.md', join(root, 'inside.md'))
  symlinkSync('references', join(root, 'folder'))
  expect(await findingsIn(rule, root)).toEqual([])
  symlinkSync('none.md', join(root, 'gone.md'))
  symlinkSync('self.md', join(root, 'self.md'))
  symlinkSync('/etc/hostname', join(root, 'outside.md'))
  symlinkSync('..', join(root, 'references/up'))
  expect(await findingsIn(rule, root)).toEqual([
    'gone.md:1:1 the file is a link to something that does not exist; replace it by the file',
    'self.md:1:1 the link leads in a circle; replace it by the file',
    'references/up:1:1 this link leads to a folder that holds the link itself; remove it, tools that follow links never end',
  ])
})

test('in a repository only the folders of the skill count', async () => {
  const root = folderWith({ 'SKILL.md': skill, 'package.json': '{"name": "demo"}', 'data/a.md': '' })
  symlinkSync('..', join(root, 'data/up'))
  expect(await findingsIn(rule, root)).toEqual([])
})
