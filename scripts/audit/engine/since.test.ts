import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { folderWith } from '../../core/testing.ts'
import { UsageError } from '../../core/usage-error.ts'
import { changesSince, readDiff } from './since.ts'

test('changed lines of tracked files, everything of new ones', () => {
  const root = folderWith({ 'a.ts': '1\n2\n3\n4\n', 'b ö.ts': '1\n', 'gone.ts': '1\n' })
  const git = (...args: string[]) => execFileSync('git', ['-C', root, '-c', 'user.name=a', '-c', 'user.email=a@example.com', ...args])
  git('init', '-q')
  git('add', '.')
  git('commit', '-qm', 'first')
  writeFileSync(join(root, 'a.ts'), '1\ntwo\n3\n4\n5\n6\n')
  writeFileSync(join(root, 'b ö.ts'), '')
  writeFileSync(join(root, 'new.ts'), '1\n')
  git('rm', '-q', 'gone.ts')
  expect([...changesSince(root, 'HEAD')]).toEqual([['a.ts', [[2, 2], [5, 6]]], ['b ö.ts', []], ['new.ts', 'all']])
  expect(() => changesSince(root, 'nowhere')).toThrow(new UsageError('--since nowhere: git knows no such revision; in CI, fetch the history first (fetch-depth: 0)'))
  expect(() => changesSince(root, '--output=x')).toThrow(UsageError)
})

test('a folder without git', () => {
  const root = folderWith({})
  expect(() => changesSince(root, 'HEAD')).toThrow(/is in no git repository/)
})

test('a removed file leaves no lines', () => {
  expect([...readDiff('--- a/x.ts\n+++ /dev/null\n@@ -1,3 +0,0 @@\n-a\n')]).toEqual([])
})
