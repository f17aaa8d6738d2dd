import { expect, test } from 'vitest'
import { folderWith } from '../scripts/core/testing.ts'
import { score, type Row } from './score.ts'
import { negativeOf, promptOf } from './testing.ts'
import { checkGates, readThresholds, type Gates } from './thresholds.ts'
import { verdictOf } from './run-evals.ts'

const open = { minimumRecall: 0, maximumFalseLoads: 1, minimumReferenceRecall: 0, minimumReferencePrecision: 0 }
const gates = (fields: Partial<Gates>): Gates => ({
  minimumCompletion: 0,
  train: open,
  validation: open,
  minimumSymptomRecall: {},
  ...fields,
})
const row = (loaded: string | null, fields = {}): Row => ({ prompt: promptOf(fields), loaded })
const failing = (rows: Row[], fields: Partial<Gates>) =>
  checkGates(score(rows, 'ours', ['ours']), gates(fields))
    .filter(({ met }) => !met)
    .map(({ id }) => id)

test('a share on the limit is met, one below is not', () => {
  const rows = [row('ours'), row(null)]
  expect(failing(rows, { train: { ...open, minimumRecall: 0.5 } })).toEqual([])
  expect(failing(rows, { train: { ...open, minimumRecall: 0.51 } })).toEqual(['train.recall'])
})

test('false loads have a maximum', () => {
  const rows: Row[] = [
    { prompt: negativeOf(null), loaded: 'ours' },
    { prompt: negativeOf(null), loaded: null },
  ]
  expect(failing(rows, { train: { ...open, maximumFalseLoads: 0.49 } })).toEqual(['train.false-loads'])
  expect(failing(rows, { train: { ...open, maximumFalseLoads: 0.5 } })).toEqual([])
})

test('a symptom is checked when both splits ran', () => {
  const rows = [row(null), row(null, { split: 'validation' })]
  expect(failing(rows, { minimumSymptomRecall: { jobs: 0.1, unknown: 0.9 } })).toEqual(['symptom.jobs'])
  expect(failing(rows.slice(1), { minimumSymptomRecall: { jobs: 0.1 } })).toEqual([])
})

test('what was not measured is not checked', () => {
  expect(checkGates(score([row('ours')], 'ours', ['ours']), gates({})).map(({ id }) => id)).toEqual([
    'completion',
    'train.recall',
  ])
})

test('too few answers decide nothing', () => {
  const rows: Row[] = [row('ours'), { prompt: promptOf(), unusable: 'rate limit' }]
  const checks = checkGates(
    score(rows, 'ours', ['ours']),
    gates({ minimumCompletion: 0.9, train: { ...open, minimumRecall: 1 } }),
  )
  expect(verdictOf(checks)).toBe('inconclusive')
})

test('the committed file is valid', () => {
  expect(readThresholds(`${import.meta.dirname}/thresholds.json`).version).toBe(1)
})

test.each([
  ['{}', 'thresholds.version: Invalid input: expected 1'],
  [
    '{"version":1,"lexical":{"settings":{"minimumScore":-1,"rowMargin":0.8}}}',
    'thresholds.lexical.settings.minimumScore: Too small: expected number to be >=0',
  ],
  [
    '{"version":1',
    "not JSON (Expected ',' or '}' after property value in JSON at position 12 (line 1 column 13)); correct it",
  ],
])('broken thresholds: %s', (text, message) => {
  const file = `${folderWith({ 't.json': text })}/t.json`
  expect(() => readThresholds(file)).toThrow(`${file}: ${message}`)
})
