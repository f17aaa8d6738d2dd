import { expect, test } from 'vitest'
import { loadBundle } from '../core/bundle.ts'
import { defaults } from '../core/config.ts'
import { runRule } from '../core/rule.ts'
import { findingsIn, folderWith, skillMd, testFixtures } from '../core/testing.ts'
import { rule } from './frontmatter-schema.ts'

testFixtures(rule, {
  'error-compatibility-empty.md': ['SKILL.md:4:16 "compatibility" is empty; write what the skill needs or remove the line'],
  'error-compatibility-long.md': ['SKILL.md:4:16 "compatibility" is longer than 500 characters; shorten it'],
  'error-description-angle.md': ['SKILL.md:3:14 "description" holds "<" or ">", which uploads refuse; write it in words'],
  'error-description-date.md': ['SKILL.md:3:14 "description" is read as a date, text is due; quote it: "2024-01-31"'],
  'error-description-empty.md': ['SKILL.md:3:14 "description" is empty; say what the skill does and when to use it'],
  'error-description-list.md': ['SKILL.md:4:3 "description" is a list, text is due; write it on one line'],
  'error-description-long.md': ['SKILL.md:3:14 "description" is longer than 1,024 characters; cut it, the strongest words stay first'],
  'error-description-missing.md': ['SKILL.md:1:1 "description" is missing; add a line "description: …"'],
  'error-license-number.md': ['SKILL.md:4:10 "license" is read as a number, text is due; quote it: "2.0"'],
  'error-metadata-list.md': ['SKILL.md:4:11 "metadata" is not a mapping; write one "key: value" line per entry, indented below it'],
  'error-metadata-text.md': ['SKILL.md:4:11 "metadata" is not a mapping; write one "key: value" line per entry, indented below it'],
  'error-metadata-values.md': [
    'SKILL.md:5:12 "version" is read as a number, text is due; quote it: "1.0"',
    'SKILL.md:6:9 "tags" is a list, text is due; write it on one line',
    'SKILL.md:7:10 "since" is read as a date, text is due; quote it: "2024-01-31"',
    'SKILL.md:8:10 "draft" is read as a boolean, text is due; quote it: "false"',
    'SKILL.md:9:8 "none" has no value; write text after the colon',
    'SKILL.md:10:9 "deep" is a mapping, text is due; write it on one line or quote it',
  ],
  'error-name-boolean.md': ['SKILL.md:2:7 "name" is read as a boolean, text is due; quote it: "true"'],
  'error-name-capitals.md': ['SKILL.md:2:7 "name" takes lowercase letters, digits and single hyphens only; rename it'],
  'error-name-date.md': ['SKILL.md:2:7 "name" is read as a date, text is due; quote it: "2024-01-31"'],
  'error-name-empty.md': ['SKILL.md:2:7 "name" is empty; write 1 to 64 characters'],
  'error-name-hyphen-first.md': ['SKILL.md:2:7 "name" starts or ends with a hyphen or holds two in a row; remove the extra hyphen'],
  'error-name-hyphen-last.md': ['SKILL.md:2:7 "name" starts or ends with a hyphen or holds two in a row; remove the extra hyphen'],
  'error-name-hyphen-twice.md': ['SKILL.md:2:7 "name" starts or ends with a hyphen or holds two in a row; remove the extra hyphen'],
  'error-name-list.md': ['SKILL.md:2:7 "name" is a list, text is due; write it on one line'],
  'error-name-long.md': ['SKILL.md:2:7 "name" is longer than 64 characters; shorten it'],
  'error-name-mapping.md': ['SKILL.md:2:7 "name" is a mapping, text is due; write it on one line or quote it'],
  'error-name-missing.md': ['SKILL.md:1:1 "name" is missing; add a line "name: …"'],
  'error-name-null.md': ['SKILL.md:2:6 "name" has no value; write text after the colon'],
  'error-name-number.md': ['SKILL.md:2:7 "name" is read as a number, text is due; quote it: "2024"'],
  'error-name-space.md': ['SKILL.md:2:7 "name" takes lowercase letters, digits and single hyphens only; rename it'],
  'error-name-underscore.md': ['SKILL.md:2:7 "name" takes lowercase letters, digits and single hyphens only; rename it'],
  'error-name-unicode.md': ['SKILL.md:2:7 "name" holds letters other than a to z, which uploads refuse; rename it'],
  'error-tools-list.md': ['SKILL.md:5:3 "allowed-tools" is a list, which only Claude Code reads; write one line with spaces between the tools'],
  'error-tools-number.md': ['SKILL.md:4:16 "allowed-tools" is read as a number, text is due; quote it: "1"'],
  'valid-all-six.md': [],
  'valid-other-fields.md': [],
  'valid-string-tag-like.md': [],
  'valid-yes-is-text.md': [],
})

const onFields = (fields: string) => findingsIn(rule, folderWith({ 'SKILL.md': skillMd('', fields) }))
const description = 'description: Checks demo files.'

test.each([
  ['1,024 emoji', `description: ${'🎉'.repeat(1_024)}`, []],
  ['1,025 emoji', `description: ${'🎉'.repeat(1_025)}`, ['SKILL.md:3:14 "description" is longer than 1,024 characters; cut it, the strongest words stay first']],
  ['1,024 letters after folding', `description: >-\n  ${'x'.repeat(1_000)}\n  ${'y'.repeat(23)}`, []],
  ['1,025 letters after folding', `description: >-\n  ${'x'.repeat(1_000)}\n  ${'y'.repeat(24)}`, ['SKILL.md:3:14 "description" is longer than 1,024 characters; cut it, the strongest words stay first']],
  ['500 emoji', `${description}\ncompatibility: ${'🎉'.repeat(500)}`, []],
  ['501 emoji', `${description}\ncompatibility: ${'🎉'.repeat(501)}`, ['SKILL.md:4:16 "compatibility" is longer than 500 characters; shorten it']],
])('lengths count code points: %s', async (_, fields, expected) => {
  expect(await onFields(`name: demo\n${fields}`)).toEqual(expected)
})

test.each([
  ['64 letters', 'a'.repeat(64)],
  ['64 astral letters', '𠀀'.repeat(64)],
  ['decomposed accents', 'cafe\u0301'],
  ['full-width letters', 'ｄｅｍｏ'],
  ['Katakana with its length mark', 'データ'],
  ['Cyrillic', 'навык-2'],
  ['digits', '2fa'],
])('names follow the reference validator: %s', async (_, name) => {
  const found = await onFields(`name: ${name}\n${description}`)
  expect(found.filter((text) => !text.includes('uploads refuse'))).toEqual([])
})

test.each(['Café', 'НАВЫК', 'a.b', 'a/b', '../a', 'a b', '🎉', 'a\u200bb', 'ǅ'])('names with anything else are refused: %s', async (name) => {
  expect(await onFields(`name: "${name}"\n${description}`)).toEqual([
    'SKILL.md:2:7 "name" takes lowercase letters, digits and single hyphens only; rename it',
  ])
})

test.each([
  [description, ['spec', 'upload']],
  ['name: demo', ['spec', 'upload']],
  [`name: été\n${description}`, ['upload']],
  ['name: demo\ndescription: a < b', ['upload']],
  [`name: 3\n${description}`, ['spec', 'upload']],
])('Claude Code loads what breaks only the format: %s', async (fields, profiles) => {
  const found = await runRule(rule, loadBundle(folderWith({ 'SKILL.md': skillMd('', fields) })), defaults)
  expect(found.map(([, finding]) => finding.profiles)).toEqual([profiles])
})

test.each([
  ['license: 2.0', 'license: "2.0"'],
  ['metadata:\n  version: 1.10', 'metadata:\n  version: "1.10"'],
  ['metadata:\n  since: 2024-01-31', 'metadata:\n  since: "2024-01-31"'],
  ['compatibility: true', 'compatibility: "true"'],
])('the correction of "%s" keeps what was written', async (field, expected) => {
  const text = skillMd('', `name: demo\n${description}\n${field}`)
  const [[, { fix }]] = await runRule(rule, loadBundle(folderWith({ 'SKILL.md': text })), defaults) as [[string, any]]
  expect(text.slice(0, fix.start) + fix.text + text.slice(fix.end)).toBe(skillMd('', `name: demo\n${description}\n${expected}`))
})

test('the line that a list of tools should be is proposed', async () => {
  const root = folderWith({ 'SKILL.md': skillMd('', `name: demo\n${description}\nallowed-tools: [Read, "Bash(git:*)"]`) })
  const [[, { expected }]] = await runRule(rule, loadBundle(root), defaults) as [[string, any]]
  expect(expected).toEqual(['allowed-tools: Read Bash(git:*)'])
})

test('frontmatter that cannot be read is not judged twice', async () => {
  expect(await onFields('name: demo\ndescription: a: b')).toEqual([])
  expect(await findingsIn(rule, folderWith({ 'SKILL.md': '# No frontmatter\n' }))).toEqual([])
})
