import { join, relative } from 'node:path'
import { expect, test } from 'vitest'
import { folderWith } from '../../core/testing.ts'
import { stack } from '../testing.ts'
import { audit } from './run.ts'
import { drawSample, scoreOf, sheetOf } from './sample.ts'

test('draws the same findings for the same seed, with their code', async () => {
  const root = folderWith({ 'package.json': stack, 'server/a.ts': 'const a = 1\nawait fetch(url)\n'.repeat(9) })
  const results = [{ project: 'demo', files: (await audit(root, { rules: {}, ignore: [] })).files }]
  const sample = drawSample(results, 2, 7)
  expect(sample).toHaveLength(2)
  expect(drawSample(results, 2, 7)).toEqual(sample)
  expect(drawSample(results, 2, 8)).not.toEqual(sample)
  expect(sheetOf(sample)).toContain(`[ ] error outbound-without-timeout demo ${relative(process.cwd(), join(root, 'server/a.ts'))}:${sample[0]!.line}\n    fetch() without signal`)
  expect(sheetOf(sample)).toContain('  > await fetch(url)')
})

test('counts what was judged', () => {
  const sheet = '[+] error a p x:1\n    r\n  > [+] error not a mark\n[-] error a p x:2\n[+] warning b p x:3\n[ ] info c p x:4\n'
  expect(scoreOf(sheet)).toEqual({
    counts: { error: { right: 1, judged: 2 }, 'error a': { right: 1, judged: 2 }, warning: { right: 1, judged: 1 }, 'warning b': { right: 1, judged: 1 } },
    missing: 1,
  })
})
