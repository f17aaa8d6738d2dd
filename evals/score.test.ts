import { expect, test } from 'vitest'
import { isMiss, score, type Row } from './score.ts'
import { negativeOf, promptOf } from './testing.ts'

const skills = ['other', 'third', 'ours']
const references = (required: string[], acceptable: string[] = []) => ({ references: { required, acceptable } })

const rows: Row[] = [
  { prompt: promptOf({ id: 'a', ...references(['a.md'], ['b.md']) }), loaded: 'ours', references: ['a.md', 'b.md'] },
  { prompt: promptOf({ id: 'b', ...references(['a.md']) }), loaded: 'other', references: ['c.md'] },
  { prompt: promptOf({ id: 'c', symptom: 'hardening', split: 'validation' }), loaded: 'ours' },
  { prompt: promptOf({ id: 'd' }), unusable: 'rate limit' },
  { prompt: negativeOf('other', { id: 'e' }), loaded: 'other' },
  { prompt: negativeOf('other', { id: 'f', split: 'validation' }), loaded: 'ours' },
  { prompt: negativeOf(null, { id: 'g' }), loaded: null },
  { prompt: negativeOf(null, { id: 'h' }), unusable: 'timeout' },
]
const { all, train, validation } = score(rows, 'ours', skills)
const counts = ({ hits, total }: { hits: number; total: number }) => `${hits}/${total}`

test('an error is neither a hit nor a miss, and lowers completion only', () => {
  expect(counts(all.completion)).toBe('6/8')
  expect(counts(all.recall)).toBe('2/3')
  expect(counts(all.falseLoads)).toBe('1/3')
})

test('only errors: no rate at all', () => {
  const none = score([{ prompt: promptOf(), unusable: 'down' }], 'ours', skills).all
  expect([none.completion.rate, none.recall.rate, none.falseLoads.rate]).toEqual([0, null, null])
})

test('train and validation are scored apart', () => {
  expect([counts(train!.recall), counts(validation!.recall)]).toEqual(['1/2', '1/1'])
  expect([counts(train!.falseLoads), counts(validation!.falseLoads)]).toEqual(['0/2', '1/1'])
  expect(score([rows[0]!], 'ours', skills)).not.toHaveProperty('validation')
})

test('the right skill counts neighbours and "none" as well', () => {
  expect(counts(all.rightSkill)).toBe('4/6')
})

test('skills: ours first, then the worst', () => {
  expect(all.skills.map(({ name, recall, falseLoads }) => `${name} ${counts(recall)} ${counts(falseLoads)}`)).toEqual([
    'ours 2/3 1/3',
    'other 1/2 1/4',
    'third 0/0 0/6',
  ])
})

test('confusion lists every cell that is not zero', () => {
  expect(all.confusion).toEqual([
    { expected: 'ours', loaded: 'ours', prompts: 2 },
    { expected: null, loaded: null, prompts: 1 },
    { expected: 'other', loaded: 'other', prompts: 1 },
    { expected: 'other', loaded: 'ours', prompts: 1 },
    { expected: 'ours', loaded: 'other', prompts: 1 },
  ])
})

test('references: required ones found, and right ones among those read', () => {
  expect(counts(all.references.recall)).toBe('1/2')
  expect(counts(all.references.precision)).toBe('2/3')
})

test('a client that cannot tell its references has no reference rate', () => {
  const untold = score([{ prompt: promptOf(references(['a.md'])), loaded: 'ours' }], 'ours', skills).all
  expect(untold.references.recall.rate).toBeNull()
})

test('symptoms, worst first', () => {
  expect(all.symptoms.map(({ symptom, recall }) => `${symptom} ${counts(recall)}`)).toEqual([
    'jobs 1/2',
    'hardening 1/1',
  ])
})

test('misses are wrong answers, not errors', () => {
  expect(rows.filter((row) => isMiss(row, 'ours')).map(({ prompt }) => prompt.id)).toEqual(['b', 'f'])
})
