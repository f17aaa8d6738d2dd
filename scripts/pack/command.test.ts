import { readFileSync, utimesSync } from 'node:fs'
import { join, resolve } from 'node:path'
import { unzipSync } from 'fflate'
import { expect, test, vi } from 'vitest'
import { UsageError } from '../core/usage-error.ts'
import { folderWith, skillMd } from '../core/testing.ts'
import { main } from './command.ts'
import { zipSkill } from './zip.ts'

const files = { 'SKILL.md': skillMd('# Demo'), 'references/a.md': 'a'.repeat(5000), 'LICENSE': 'MIT', 'package.json': '{}', 'evals/x.ts': 'x' }

test('the zip holds the skill in a folder of its name, and nothing else', () => {
  const { bytes } = zipSkill(folderWith(files), 'demo')
  const unpacked = unzipSync(bytes)
  expect(Object.keys(unpacked)).toEqual(['demo/LICENSE', 'demo/SKILL.md', 'demo/references/a.md'])
  expect(new TextDecoder().decode(unpacked['demo/SKILL.md'])).toBe(files['SKILL.md'])
  expect(bytes.length).toBeLessThan(2000)
})

test('equal files give equal bytes, whatever their times', () => {
  const [first, second] = [folderWith(files), folderWith(files)]
  utimesSync(join(second, 'SKILL.md'), new Date('2001-02-03'), new Date('2001-02-03'))
  expect(zipSkill(second, 'demo').bytes).toEqual(zipSkill(first, 'demo').bytes)
  const changed = folderWith({ ...files, LICENSE: 'other' })
  expect(zipSkill(changed, 'demo').bytes).not.toEqual(zipSkill(first, 'demo').bytes)
})

test('our own bundle packs with every reference', async () => {
  const out = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  const file = join(folderWith({}), 'deep/ours.zip')
  expect(await main(['--output', file])).toBe(0)
  expect(out.mock.calls.join('')).toMatch(/ours\.zip: \d+ files, \d+ KiB\n$/)
  const names = Object.keys(unzipSync(readFileSync(file)))
  const root = resolve(import.meta.dirname, '../..')
  for (const [, link] of readFileSync(join(root, 'SKILL.md'), 'utf8').matchAll(/\]\((references\/[^)#]+)/g)) expect(names).toContain(`backend-design/${link}`)
  expect(names.filter((name) => !/^backend-design\/(SKILL\.md|LICENSE|references\/[\w-]+\.md|scripts\/audit\.mjs)$/.test(name))).toEqual([])
})

test('bad input is a usage error', async () => {
  const folder = folderWith({ 'nameless/SKILL.md': skillMd('x', 'description: d'), 'good/SKILL.md': files['SKILL.md'] })
  const at = (path: string) => join(folder, path)
  const cases: [string[], string][] = [
    [['--skill', at('missing')], `${at('missing/SKILL.md')}: does not exist; name the folder of a skill with --skill`],
    [['--skill', at('nameless')], `${at('nameless/SKILL.md')}: its frontmatter needs a name`],
    [['--skill', at('good'), '--output', at('good/SKILL.md/x.zip')], `${at('good/SKILL.md/x.zip')}: cannot be written (E`],
    [['--skil', 'x'], 'unknown option --skil; did you mean --skill?'],
    [['x'], '"x" is not an option'],
  ]
  for (const [args, message] of cases) {
    const error = await main(args).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(UsageError)
    expect((error as Error).message).toContain(message)
  }
})
