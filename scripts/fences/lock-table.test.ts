import { expect, test } from 'vitest'
import { documentOf } from './documents.ts'
import { abbreviations, lockRows } from './lock-table.ts'

const legend = 'AE = ACCESS EXCLUSIVE (blocks reads); SRE = SHARE ROW EXCLUSIVE, NO = MODE AT ALL.'
const tableOf = (...rows: string[]) => documentOf('references/fake.md', [
  legend, '', '| Change | Lock | Safe form | More |', '| --- | --- | --- | --- |', ...rows, '',
].join('\n'))

test('abbreviations are those of locks', () => {
  expect([...abbreviations(legend)]).toEqual([['AE', 'AccessExclusiveLock'], ['SRE', 'ShareRowExclusiveLock']])
})

test('a row states a lock per alternative, and those of its safe forms', () => {
  const row = '| add FK / drop it | SRE **both**, scan / – | no lock; `not valid` (AE, instant; note); then `x … y` (SRE) | 1 |'
  expect(lockRows(tableOf(row))).toEqual([{
    change: 'add FK / drop it',
    claims: [{ mode: 'ShareRowExclusiveLock', on: 'both', does: 'scan' }, { on: 'child' }],
    safe: {
      'not valid': { mode: 'AccessExclusiveLock', on: 'child', does: 'instant' },
      'then x … y': { mode: 'ShareRowExclusiveLock', on: 'child' },
    },
  }])
})

test('a claim that cannot be read', () => {
  expect(() => lockRows(tableOf('| rename | XY, instant | – | |'))).toThrow(
    'references/fake.md:5 "XY, instant" is no lock; write one of AE, SRE, then instant, scan or rewrite',
  )
  expect(() => lockRows(tableOf('| rename | AE, fast | – | |'))).toThrow('references/fake.md:5 "AE, fast" is no lock')
})

test('a document without the table', () => {
  expect(() => lockRows(documentOf('references/fake.md', legend))).toThrow('references/fake.md has 0 lock tables, not one')
})
