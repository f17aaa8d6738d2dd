import { existsSync, mkdirSync, mkdtempSync, readlinkSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { expect, it, onTestFinished, vi } from 'vitest'
import { assemble, isMonorepo, linkModules } from './workspace.ts'

// Hundreds of links: seconds on a busy machine.
vi.setConfig({ testTimeout: 60_000 })

function folderOf(files: Record<string, string>): string {
  const folder = mkdtempSync(join(tmpdir(), 'workspace-'))
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }))
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(folder, path)), { recursive: true })
    writeFileSync(join(folder, path), text)
  }
  return folder
}

const root = JSON.stringify({ workspaces: { packages: ['apps/*'] } })
const api = JSON.stringify({ name: '@studio/api' })

it('links the workspaces of a monorepo beside the installed packages', () => {
  const folder = folderOf({ 'package.json': root, 'apps/api/package.json': api })
  linkModules(folder)
  expect(readlinkSync(join(folder, 'node_modules/@studio/api'))).toBe('../../apps/api')
  expect(existsSync(join(folder, 'node_modules/hono/package.json'))).toBe(true)
})

it('links a workspace that came later, and keeps what is there', () => {
  const folder = folderOf({ 'package.json': root, 'apps/api/package.json': api, 'node_modules/hono/own.txt': '' })
  linkModules(folder)
  writeFileSync(join(folder, 'apps/api/package.json'), JSON.stringify({ name: '@studio/server' }))
  linkModules(folder)
  expect(existsSync(join(folder, 'node_modules/@studio/server/package.json'))).toBe(true)
  expect(existsSync(join(folder, 'node_modules/hono/own.txt'))).toBe(true)
})

it('takes the base, unless the broken copy has workspaces', () => {
  const tasks = folderOf({
    '_base/package.json': '{}', '_base/base.txt': '',
    'plain/broken/package.json': '{ "name": "own" }',
    'mono/broken/package.json': root, 'mono/broken/apps/api/package.json': api,
    'mono/full/delete.txt': 'apps/api/package.json\n',
  })
  const [plain, mono] = ['plain', 'mono'].map((name) => ({ folder: join(tasks, name) })) as [{ folder: string }, { folder: string }]
  expect([isMonorepo(plain), isMonorepo(mono)]).toEqual([false, true])
  const folders = [assemble(plain, 'broken'), assemble(mono, 'full')]
  onTestFinished(() => folders.forEach((folder) => rmSync(folder, { recursive: true, force: true })))
  expect(folders.map((folder) => existsSync(join(folder, 'base.txt')))).toEqual([true, false])
  expect(existsSync(join(folders[1]!, 'apps/api/package.json'))).toBe(false)
})
