import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadBundle } from '../core/bundle.ts'
import { defaults } from '../core/config.ts'
import { runRule } from '../core/rule.ts'
import { findingsIn, fixturesOf, folderWith, onFixture, skillMd } from '../core/testing.ts'
import { rule } from './links.ts'

const none = (path: string) => `there is no file "${path}"; create it or correct the path`
const write = (path: string, better: string) => `there is no file "${path}"; write "${better}"`
const letters = (path: string, better: string) => `"${path}" is listed in other letters or case; write "${better}"`

const table: Record<string, string[]> = {
  'error-bare.md': [
    `SKILL.md:7:1 ${none('scripts/extract.py')}`,
    `SKILL.md:9:3 ${none('scripts/list.py')}`,
    `SKILL.md:11:11 ${none('references/forms.md')}`,
    `SKILL.md:11:37 ${none('references/tables.md')}`,
  ],
  'error-case': [
    `SKILL.md:6:1 ${letters('references/API.md#page', 'references/api.md#page')}`,
    `SKILL.md:6:30 ${letters('References/', 'references/')}`,
    `SKILL.md:6:56 ${letters('references/API.md', 'references/api.md')}`,
  ],
  'error-empty.md': [
    'SKILL.md:6:1 this link has no target; write one between the parentheses',
    'SKILL.md:6:17 this image has no target; write one between the parentheses',
  ],
  'error-folder': ['SKILL.md:6:1 "references/api.md/" is a file, not a folder; write it without the last "/"'],
  'error-html.md': [
    `SKILL.md:7:3 ${none('docs/a.md')}`,
    `SKILL.md:8:3 ${none('assets/b.png')}`,
    `SKILL.md:11:8 ${none('docs/c.md')}`,
    `SKILL.md:13:3 ${none('docs/d.md')}`,
  ],
  'error-missing.md': [
    `SKILL.md:6:5 ${none('references/guide.md')}`,
    `SKILL.md:6:35 ${none('assets/flow.png')}`,
    `SKILL.md:8:1 ${none('docs/page.md')}`,
  ],
  'error-near': [
    `SKILL.md:6:1 ${write('references/api-patern.md', 'references/api-patterns.md')}`,
    `SKILL.md:6:32 ${write('references/api-patterns', 'references/api-patterns.md')}`,
    `SKILL.md:6:62 ${write('./scripts/my%20tol.py#L3', './scripts/my%20tool.py#L3')}`,
    `references/api-patterns.md:1:1 ${write('references/api-patterns.md', 'api-patterns.md')}`,
  ],
  'error-percent.md': [
    'SKILL.md:6:1 there is no file "docs/50%.md"; the percent-encoding is broken, write "%25" for "%"',
  ],
  'error-undefined.md': [
    'SKILL.md:6:6 no definition for the reference "guied"; write "guide"',
    'SKILL.md:6:28 no definition for the reference "more"; add a line "[more]: target"',
    'SKILL.md:6:43 no definition for the reference "picture"; add a line "[picture]: target"',
  ],
  'error-variable': [
    `SKILL.md:6:1 ${write('${CLAUDE_SKILL_DIR}/references/apj.md', '${CLAUDE_SKILL_DIR}/references/api.md')}`,
    `SKILL.md:6:48 ${none('${CLAUDE_SKILL_DIR}/scripts/gone.py')}`,
  ],
  'valid-all': [],
  'valid-defined.md': [],
  'valid-quiet.md': [],
}

test('every fixture is in the table', () => expect(fixturesOf(rule)).toEqual(Object.keys(table).sort()))

test.each(Object.entries(table))('%s', async (name, expected) => {
  expect(await onFixture(rule, name)).toEqual(expected)
})

test('only a wrong case has a fix, and it touches the target alone', async () => {
  const text = skillMd('[A](references/API.md) and [b](references/apj.md)\n')
  const bundle = loadBundle(folderWith({ 'SKILL.md': text, 'references/api.md': '# API\n' }))
  const [wrongCase, typo] = (await runRule(rule, bundle, defaults)).map(([, found]) => found)
  const { start, end, text: better } = wrongCase!.fix!
  expect(text.slice(0, start) + better + text.slice(end)).toContain('[A](references/api.md) and')
  expect(wrongCase!.expected).toEqual(['references/api.md'])
  expect(typo).toMatchObject({ expected: ['references/api.md'], fix: undefined })
})

test('a name in another Unicode normal form is told apart, as disks do', async () => {
  const root = folderWith({
    'SKILL.md': skillMd('[A](references/caf\u00e9.md)\n'),
    'references/cafe\u0301.md': '# A\n',
  })
  expect(await findingsIn(rule, root)).toEqual([
    `SKILL.md:6:1 ${letters('references/caf\u00e9.md', 'references/cafe\u0301.md')}`,
  ])
})

test('symbolic links: to nowhere is missing, inside is found, outside is left to link-escape', async () => {
  const root = folderWith({
    'SKILL.md': skillMd('[a](gone.md) [b](same.md) [c](out.md) [d](folder/x.md)\n'),
    'a.md': '# A\n',
  })
  symlinkSync('nothing.md', join(root, 'gone.md'))
  symlinkSync('a.md', join(root, 'same.md'))
  symlinkSync('/etc/hosts', join(root, 'out.md'))
  symlinkSync('/etc', join(root, 'folder'))
  expect(await findingsIn(rule, root)).toEqual([
    'SKILL.md:6:1 "gone.md" is a symbolic link to something that does not exist; replace it by the file',
  ])
})

test('messages carry no control characters of the target', async () => {
  const root = folderWith({ 'SKILL.md': skillMd('[b](<a\u001b[31m.md>)\n') })
  expect(await findingsIn(rule, root)).toEqual([`SKILL.md:6:1 ${none('a\\u001b[31m.md')}`])
})

test('3,000 broken links beside 300 files stay cheap', async () => {
  const names = Array.from({ length: 3_000 }, (_, index) => `references/file-${index}.md`)
  const root = folderWith({
    'SKILL.md': skillMd(names.map((name) => `- [x](${name.replace('file', 'fiel')})`).join('\n\n')),
    ...Object.fromEntries(names.slice(0, 300).map((name) => [name, '# A\n'])),
  })
  const bundle = loadBundle(root)
  expect((await runRule(rule, bundle, defaults)).length).toBeGreaterThan(100)
})
