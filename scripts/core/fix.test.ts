import { readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { defaults } from './config.ts'
import { finding } from './finding.ts'
import { applyFixes } from './fix.ts'
import { validate, type RunResult } from './run.ts'
import { folderWith } from './testing.ts'

async function fixed(text: string): Promise<string> {
  const root = folderWith({ 'SKILL.md': text })
  while (applyFixes(await validate([root], defaults)) > 0) {
    /* overlapping corrections take another round */
  }
  return readFileSync(join(root, 'SKILL.md'), 'utf8')
}

const body = '\n# Demo\n\nText with  odd   spacing \n\n* list\n'

test.each<[string, string, string]>([
  [
    'an unquoted colon',
    'description: Fixes demos. Use when: a "demo" breaks.',
    'description: "Fixes demos. Use when: a \\"demo\\" breaks."',
  ],
  [
    'a value cut by " #"',
    'description: Fixes issue #12 and C # code in demos.',
    'description: "Fixes issue #12 and C # code in demos."',
  ],
  [
    'nothing to fix',
    'description: Fixes demos; a#b and a:b are plain.',
    'description: Fixes demos; a#b and a:b are plain.',
  ],
])('%s; nothing else changes, with LF, CRLF and a byte order mark', async (_, wrong, right) => {
  const file = (line: string) => `---\nname: demo\n${line}\nlicense: MIT\n---\n${body}`
  for (const form of [
    (text: string) => text,
    (text: string) => text.replaceAll('\n', '\r\n'),
    (text: string) => `\uFEFF${text}`,
  ]) {
    expect(await fixed(form(file(wrong)))).toBe(form(file(right)))
  }
})

test('hidden characters go, ordinary ones stay', async () => {
  const head = '\uFEFF---\r\nname: demo\r\ndescription: Fixes demos.\r\n---\r\n\r\n'
  const family = '\u{1F468}\u200D\u{1F469}\u200D\u{1F467} می\u200Cخواهم'
  expect(await fixed(`${head}a\u200B\u200Bb \u202Ec\u202C i\u200Bg\u200Bn\u200Bo\u200Bre ${family}\r\n`)).toBe(
    `${head}ab c ignore ${family}\r\n`,
  )
})

test('more corrections than are shown', async () => {
  const head = '---\nname: demo\ndescription: Fixes demos.\n---\n\n'
  expect(await fixed(head + 'a\u202E'.repeat(500))).toBe(head + 'a'.repeat(500))
})

test('of overlapping corrections the later one is applied', () => {
  const root = folderWith({ 'a.md': '0123456789' })
  const fix = (start: number, end: number, text: string) => finding('x', 'y', { fix: { start, end, text } })
  const result = {
    files: [{ path: join(root, 'a.md'), messages: [fix(1, 4, 'A'), fix(3, 6, 'B'), fix(6, 7, ''), fix(9, 9, '!')] }],
  } as RunResult
  expect(applyFixes(result)).toBe(3)
  expect(readFileSync(join(root, 'a.md'), 'utf8')).toBe('012B78!9')
})

test('a link is left alone, its target is corrected once', async () => {
  const root = folderWith({
    'SKILL.md': '---\nname: demo\ndescription: Fixes demos.\n---\n\n[a](a.md) [b](b.md)\n',
    'b.md': '# B\n\nx\u202Ey\n',
  })
  symlinkSync('b.md', join(root, 'a.md'))
  expect(applyFixes(await validate([root], defaults))).toBe(1)
  expect(readFileSync(join(root, 'b.md'), 'utf8')).toBe('# B\n\nxy\n')
})
