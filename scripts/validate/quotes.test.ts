import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadBundle } from '../core/bundle.ts'
import { record, rewrite } from '../core/quote-command.ts'
import { findingsIn, folderWith, skillMd } from '../core/testing.ts'
import { rule } from './quotes.ts'

// No fixtures: a repository is needed, and its fences change during the test.

const source = '// #region add\nexport const add = (a: number, b: number) => a + b\n// #endregion\n'
const fence = (info: string, code = 'export const add = (a: number, b: number) => a + b') => `\`\`\`ts ${info}\n${code}\n\`\`\`\n`
const repository = (body: string) => folderWith({
  'package.json': '{ "name": "demo" }',
  'SKILL.md': skillMd(body),
  'examples/app/add.ts': source,
})

function withReport(root: string, count: number): string {
  const lcov = join(root, 'lcov.info')
  writeFileSync(lcov, `SF:add.ts\nDA:2,${count}\nend_of_record\n`)
  return lcov
}

test('a fence that equals an executed region is quiet', async () => {
  const root = repository(fence('file=examples/app/add.ts#add'))
  expect(record(root, loadBundle(root), withReport(root, 1))).toEqual([])
  expect(await findingsIn(rule, root)).toEqual([])
})

test('a region that no test executed is reported, and stays so after a change that was not run', async () => {
  const root = repository(fence('file=examples/app/add.ts#add'))
  const reason = 'SKILL.md:6:1 no test run has executed this version of "examples/app/add.ts#add"; run npm run test:example'
  expect(await findingsIn(rule, root)).toEqual([reason])
  expect(record(root, loadBundle(root), withReport(root, 0))).toEqual(['examples/app/add.ts#add'])
  record(root, loadBundle(root), withReport(root, 1))
  expect(await findingsIn(rule, root)).toEqual([])
  writeFileSync(join(root, 'examples/app/add.ts'), source.replace('a + b', 'b + a'))
  expect(rewrite(root, loadBundle(root))).toBe(1)
  expect(await findingsIn(rule, root)).toEqual([reason])
})

test('drift is reported, and mended by rewriting', async () => {
  const root = repository(`Before.\n\n${fence('file=examples/app/add.ts#add', 'old')}\nAfter.\n`)
  expect(await findingsIn(rule, root)).toEqual(['SKILL.md:8:1 the fence differs from "examples/app/add.ts#add"; run npm run quote'])
  expect(rewrite(root, loadBundle(root))).toBe(1)
  expect(readFileSync(join(root, 'SKILL.md'), 'utf8')).toBe(skillMd(`Before.\n\n${fence('file=examples/app/add.ts#add')}\nAfter.\n`))
  expect(rewrite(root, loadBundle(root))).toBe(0)
})

test('a file or region that does not exist is reported', async () => {
  const root = repository(`${fence('file=examples/app/gone.ts#add')}\n${fence('file=examples/app/add.ts#ad')}\n${fence('file=../x.ts#add')}`)
  expect(await findingsIn(rule, root)).toEqual([
    'SKILL.md:6:1 there is no readable file "examples/app/gone.ts" in this repository; correct the path',
    'SKILL.md:10:1 "examples/app/add.ts" has no closed region "ad"; did you mean "add"?',
    'SKILL.md:14:1 there is no readable file "../x.ts" in this repository; correct the path',
  ])
})

test('a file that the tests ran as a process of its own counts as executed', () => {
  const root = repository(fence('file=examples/app/add.ts#add'))
  const lcov = withReport(root, 0)
  expect(record(root, loadBundle(root), lcov)).toEqual(['examples/app/add.ts#add'])
  writeFileSync(join(root, 'processes.txt'), 'app/add.ts\n')
  expect(record(root, loadBundle(root), lcov)).toEqual([])
})
