import { expect, test } from 'vitest'
import type { Prompt } from '../../scripts/core/triggers.ts'
import { negativeOf, promptOf } from '../testing.ts'
import type { AgentRow } from './regrade.ts'
import { groupRows, spreadOf, summarize } from './summarize.ts'

const skills = ['ours', 'other', 'third']

function rowOf(prompt: Prompt, loads: string[] | 'timeout', fields: Partial<AgentRow> = {}): AgentRow {
  const told = {
    prompt, key: 'k', client: 'codex' as const, clientVersion: '1.0.0', model: null, arm: 'crowded' as const, run: 1,
    tokens: { input: 100, output: 10 }, duration: 1000,
  }
  if (loads === 'timeout') {
    const failure = { kind: 'timeout' as const, message: 'no answer' }
    return { ...told, loads: [], unusable: 'timeout: no answer', failure, ...fields }
  }
  return { ...told, loads, loaded: loads.includes('ours') ? 'ours' : (loads[0] ?? null), ...fields } as AgentRow
}

const repeat = (times: number, row: AgentRow): AgentRow[] => Array.from({ length: times }, (_, index) => ({ ...row, run: index + 1 }))
const a = promptOf({ id: 'a', references: { required: ['x.md', 'y.md'], acceptable: ['z.md'] } })
const b = promptOf({ id: 'b', symptom: 'webhooks', split: 'validation' })

test('ten runs of one prompt are not ten prompts', () => {
  const one = summarize(repeat(10, rowOf(a, ['ours'])).concat(rowOf(b, [])), 'ours', skills)
  const many = summarize([...Array.from({ length: 10 }, (_, n) => rowOf({ ...a, id: `a${n}` }, ['ours'])), rowOf(b, [])], 'ours', skills)
  expect([one.recall.hits, one.recall.total]).toEqual([many.recall.hits, many.recall.total])
  expect(one.recall.effective).toBeLessThan(many.recall.effective)
  expect(one.recall.low).toBeLessThan(many.recall.low)
})

test('runs without an answer count in completion alone', () => {
  const summary = summarize([rowOf(a, ['ours']), rowOf(b, 'timeout'), rowOf(negativeOf(null, { id: 'n' }), 'timeout')], 'ours', skills)
  expect(summary).toMatchObject({
    completion: { hits: 1, total: 3 }, recall: { hits: 1, total: 1 }, falseLoads: { total: 0, rate: null },
    unusable: [{ kind: 'timeout', runs: 2, example: 'no answer' }], tokens: { input: { total: 100 } },
  })
})

test('references count where ours loaded and could be followed', () => {
  const rows = [
    rowOf(a, ['ours'], { references: ['x.md', 'z.md', 'wrong.md'] } as Partial<AgentRow>),
    rowOf(a, ['ours']),
    rowOf(a, [], { references: [] } as Partial<AgentRow>),
  ]
  expect(summarize(rows, 'ours', skills).references).toMatchObject({ recall: { hits: 1, total: 2 }, precision: { hits: 2, total: 3 } })
})

test('every skill that loaded counts for itself', () => {
  const rows = [rowOf(negativeOf('other', { id: 'n' }), ['third', 'other']), rowOf(a, ['ours', 'third'])]
  const { skills: scored, confusion } = summarize(rows, 'ours', skills)
  expect(scored).toMatchObject([
    { name: 'ours', recall: { hits: 1 }, falseLoads: { hits: 0, total: 1 } },
    { name: 'other', recall: { hits: 1, total: 1 }, falseLoads: { hits: 0 } },
    { name: 'third', recall: { total: 0 }, falseLoads: { hits: 2, total: 2 } },
  ])
  expect(confusion).toHaveLength(2)
})

test('alone, a prompt of another skill expects none', () => {
  const row = rowOf(negativeOf('other', { id: 'n' }), [], { arm: 'isolated' })
  expect(summarize([row], 'ours', ['ours'])).toMatchObject({ rightSkill: { hits: 1 }, confusion: [{ expected: null, loaded: null, runs: 1 }] })
  expect(summarize([row], 'ours', skills)).toMatchObject({ rightSkill: { hits: 0 }, confusion: [{ expected: 'other' }] })
})

test('splits and symptoms stand apart, the worst symptom first', () => {
  const { splits, symptoms } = summarize([rowOf(a, ['ours']), rowOf(b, [])], 'ours', skills)
  expect(splits).toMatchObject([{ split: 'train', recall: { rate: 1 } }, { split: 'validation', recall: { rate: 0 } }])
  expect(symptoms.map(({ symptom }) => symptom)).toEqual(['webhooks', 'jobs'])
})

test('cost is null where no client tells', () => {
  expect(summarize([rowOf(a, ['ours'])], 'ours', skills).cost).toBeNull()
  expect(summarize([rowOf(a, ['ours'], { cost: 0.5 }), rowOf(b, ['ours'], { cost: 0 })], 'ours', skills).cost).toMatchObject({ total: 0.5, mean: 0.25 })
})

test('groups are one client, model and arm each, in a fixed order', () => {
  const rows = [rowOf(a, []), rowOf(a, [], { client: 'claude-code' }), rowOf(a, [], { arm: 'isolated' }), rowOf(b, [], { model: 'm' }), rowOf(b, [])]
  const shape = groupRows(rows).map((group) => [group[0]!.client, group[0]!.model, group[0]!.arm, group.length])
  expect(shape).toEqual([['claude-code', null, 'crowded', 1], ['codex', null, 'isolated', 1], ['codex', null, 'crowded', 2], ['codex', 'm', 'crowded', 1]])
})

test.each([
  [[], { total: 0, mean: 0, median: 0, p95: 0 }],
  [[3, 1], { total: 4, mean: 2, median: 2, p95: 3 }],
  [Array.from({ length: 100 }, (_, n) => n + 1), { total: 5050, mean: 50.5, median: 50.5, p95: 95 }],
])('spread of %j', (values, spread) => {
  expect(spreadOf(values)).toEqual(spread)
})
