import { spawn, type ChildProcess } from 'node:child_process'
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { folderWith, skillMd } from './testing.ts'

const entry = join(import.meta.dirname, '../validate.ts')
const verdict = /^1 skill, .*: (passed|failed)$/gm

function start(args: string[]) {
  const child = spawn(process.execPath, [entry, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => {
    child.kill('SIGKILL')
  })
  const seen = { out: '', err: '' }
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => {
    seen.out += chunk
  })
  child.stderr.setEncoding('utf8').on('data', (chunk: string) => {
    seen.err += chunk
  })
  return { child, seen, verdicts: () => Array.from(seen.out.matchAll(verdict), ([, word]) => word) }
}

const until = (condition: () => boolean) => expect.poll(condition, { timeout: 60_000, interval: 50 }).toBe(true)

function ended(child: ChildProcess): Promise<[number | null, NodeJS.Signals | null]> {
  return new Promise((resolve) =>
    child.exitCode !== null || child.signalCode !== null
      ? resolve([child.exitCode, child.signalCode])
      : child.once('exit', (code, signal) => resolve([code, signal])),
  )
}

test(
  'reports again after a change, keeps quiet about skipped folders, ends by Ctrl+C with the last result',
  { timeout: 200_000 },
  async () => {
    const root = folderWith({ 'SKILL.md': skillMd('# A\n'), 'node_modules/a/index.js': '' })
    const { child, seen, verdicts } = start([root, '--watch'])
    await until(() => seen.err.includes('watching for changes'))
    expect(verdicts()).toEqual(['passed'])

    writeFileSync(join(root, 'node_modules/a/index.js'), 'changed')
    mkdirSync(join(root, '.cache'))
    writeFileSync(join(root, '.cache/x.json'), '{}')
    await new Promise((resolve) => setTimeout(resolve, 1_000))
    expect(verdicts()).toEqual(['passed'])

    appendFileSync(join(root, 'SKILL.md'), '\nHidden \u202E.\n')
    await until(() => verdicts().length === 2)
    expect(verdicts()[1]).toBe('failed')
    expect(seen.out).toContain('hidden-unicode')

    mkdirSync(join(root, 'references'))
    writeFileSync(join(root, 'references/new.md'), '# New\n')
    await until(() => seen.out.includes('references/new.md'))

    child.kill('SIGINT')
    expect(await ended(child)).toEqual([1, null])
    expect(() => process.kill(child.pid!, 0)).toThrow()
  },
)

test('with --fix it settles', { timeout: 200_000 }, async () => {
  const root = folderWith({ 'SKILL.md': skillMd('# A\n\nHidden \u202E.\n') })
  const { child, seen, verdicts } = start([root, '--watch', '--fix'])
  await until(() => seen.err.includes('watching for changes'))
  await new Promise((resolve) => setTimeout(resolve, 2_000))
  expect(verdicts().length).toBeLessThanOrEqual(2)
  child.kill('SIGTERM')
  expect(await ended(child)).toEqual([0, null])
})

test('a path that is not there ends at once', async () => {
  const { child, seen } = start([join(folderWith({}), 'nothing'), '--watch'])
  expect(await ended(child)).toEqual([2, null])
  expect(seen.err).toMatch(/^validate: .*: there is no such file or folder\n$/)
})
