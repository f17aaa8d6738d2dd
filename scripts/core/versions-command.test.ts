import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test, vi } from 'vitest'
import { rule } from '../validate/versions.ts'
import { loadBundle } from './bundle.ts'
import { copyOfFixture, findingsIn, folderWith, skillMd } from './testing.ts'
import { main, rewriteVersions } from './versions-command.ts'

test('one run corrects every place, the next none', async () => {
  const root = copyOfFixture(rule, 'error-elsewhere')
  expect(rewriteVersions(root, loadBundle(root))).toEqual([
    'SKILL.md: bun 1.3 → 1.4',
    'SKILL.md: @trpc/server 11.24 → 11.25',
    'examples/shop/package.json: hono 4.13.18 → 4.13.19',
    'README.md: the table of versions',
  ])
  expect(await findingsIn(rule, root)).toEqual([])
  expect(readFileSync(join(root, 'SKILL.md'), 'utf8')).toContain('Bun 1.4, Hono 4.13, tRPC 11.25, PostgreSQL 15 and 18')
  expect(readFileSync(join(root, 'README.md'), 'utf8')).toMatch(/4\.13\.19 \| a \|\n\n<!-- \/versions -->\n\nMore\.\n$/)
  expect(rewriteVersions(root, loadBundle(root))).toEqual([])
})

test('several versions of one line are corrected, ranges and unknown packages are left', () => {
  const root = copyOfFixture(rule, 'error-drift')
  const before = readFileSync(join(root, 'references/a.md'), 'utf8')
  expect(rewriteVersions(root, loadBundle(root))).toEqual(['references/a.md: hono 4.12.0 → 4.13.19'])
  expect(readFileSync(join(root, 'references/a.md'), 'utf8')).toBe(before.replace('hono@4.12.0', 'hono@4.13.19'))
})

test('a bundle that states no version is an error', async () => {
  const root = folderWith({ 'SKILL.md': skillMd('# Demo\n'), 'package.json': '{ "name": "demo" }' })
  await expect(main([], root)).rejects.toThrow('no "Verified with" line names a version; nothing to rewrite')
})

test('arguments are refused, help is printed', async () => {
  await expect(main(['hono'])).rejects.toThrow('hono: this command takes no argument; see --help')
  const write = vi.spyOn(process.stdout, 'write').mockReturnValue(true)
  onTestFinished(() => write.mockRestore())
  expect(await main(['--help'])).toBe(0)
  expect(write.mock.calls.join('')).toContain('Usage: npm run versions')
})
