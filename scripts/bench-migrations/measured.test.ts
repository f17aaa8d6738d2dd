import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { guideDocuments } from '../fences/documents.ts'
import type { Result } from './table.ts'

/** What a run at 5 million rows on PostgreSQL 18 came to: `npm run bench:migrations -- --json FILE`. */
const measured: { rows: number; postgres: string; results: Result[] } =
  JSON.parse(readFileSync(join(import.meta.dirname, 'measured.json'), 'utf8'))

/** Names in the sentence of references/database-design.md, and the case each speaks of. */
const names: Record<string, Result['id']> = {
  'UUID default': 'add-volatile', '`int→bigint`': 'type', 'not null': 'not-null', FK: 'foreign-key', index: 'index',
  'one-`update` backfill': 'backfill', 'column behind an 8 s transaction': 'pile-up',
}

/** `name 63 → 0.45` for each part, of two significant digits. */
function stated(text: string): [name: string, direct: number, safe: number][] {
  const sentence = /direct → safe: ([^\n]*)/.exec(text)?.[1] ?? ''
  return [...sentence.matchAll(/(?:^|; )([^;]+?) ([\d.]+) → ([\d.]+)/g)]
    .map(([, name, direct, safe]) => [name!, Number(direct), Number(safe)])
}

const slowest = ({ readers, writers }: Result) => Number((Math.max(readers, writers) / 1_000).toPrecision(2))

test('the seconds of the guide are those of the run', () => {
  const document = guideDocuments().find(({ path }) => path === 'references/database-design.md')!
  expect(document.text).toContain('5 M rows (PostgreSQL 18)')
  expect([measured.rows, measured.postgres]).toEqual([5_000_000, '18'])
  const run = Object.entries(names).map(([name, id]) => {
    const [direct, safe] = measured.results.filter((result) => result.id === id)
    return [name, slowest(direct!), slowest(safe!)]
  })
  expect(stated(document.text)).toEqual(run)
})

test('a sentence with another number is another one', () => {
  expect(stated('x, direct → safe: FK 1.5 → 0.33; index 10 → 0.086 (here).')).toEqual([['FK', 1.5, 0.33], ['index', 10, 0.086]])
})
