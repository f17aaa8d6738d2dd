import { expect, test } from 'vitest'
import { executedLines } from './lcov.ts'

test('lines with a count are executed, those with 0 are not; files given twice are joined', () => {
  const files = executedLines('TN:\nSF:server/a.ts\nDA:1,3\nDA:2,0\nend_of_record\nSF:server\\b.ts\nDA:9,1\nend_of_record\nSF:server/a.ts\nDA:4,1\n')
  expect([...files.get('server/a.ts')!]).toEqual([1, 4])
  expect([...files.get('server/b.ts')!]).toEqual([9])
})

test('a report without records has no files', () => expect(executedLines('').size).toBe(0))
