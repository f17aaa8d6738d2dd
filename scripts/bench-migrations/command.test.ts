import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'

const script = join(import.meta.dirname, '../bench-migrations.ts')

function run(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], (error, out, err) => {
      resolve({ code: error ? Number(error.code) : 0, out, err })
    })
  })
}

test('bad arguments are one sentence', async () => {
  expect(await run('--row', '5')).toEqual({
    code: 2, out: '', err: 'bench:migrations: unknown option --row; did you mean --rows?\n',
  })
  expect((await run('--rows', 'many')).err).toBe('bench:migrations: --rows many: a whole number from 1 is due\n')
  expect((await run('--postgres', '16')).err).toContain('--postgres 16: not one of 18, 15; did you mean')
  expect((await run('--only', 'indx')).err).toContain('did you mean index?')
})

test('help shows examples', async () => {
  const { code, out } = await run('--help')
  expect([code, out]).toEqual([0, expect.stringContaining('Examples:\n  npm run bench:migrations --')])
})

test('one case, as a table and as JSON', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'bench-migrations-'))
  try {
    const json = join(folder, 'out.json')
    const { code, out } = await run('--rows', '1000', '--only', 'drop-column', '--json', json)
    expect([code, out.split('\n')[2]]).toEqual([0, expect.stringMatching(/^\| drop column \| direct \| leads ACCESS EXCLUSIVE /)])
    expect(JSON.parse(readFileSync(json, 'utf8'))).toMatchObject({
      rows: 1_000, postgres: '18', results: [{ id: 'drop-column', locks: { leads: 'AccessExclusiveLock' } }],
    })
  } finally {
    rmSync(folder, { recursive: true })
  }
})
