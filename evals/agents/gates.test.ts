import { expect, test } from 'vitest'
import { clusteredRate } from '../intervals.ts'
import { readThresholds, type AgentGates } from '../thresholds.ts'
import { checkGroup, verdictOfAll, verdictOfGroup } from './gates.ts'
import type { Group, Share } from './result.ts'

const of = (hits: number, total: number): Share => clusteredRate(Array.from({ length: total }, (_, index) => ({ hits: Number(index < hits), total: 1 })))
const arm = { minimumRecall: 0.8, maximumFalseLoads: 0.1, minimumReferenceRecall: 0.7, minimumReferencePrecision: 0.6 }
const gates: AgentGates = { minimumCompletion: 0.9, isolated: { ...arm, minimumRecall: 0.99 }, crowded: arm, minimumSymptomRecall: 0.5 }

function measured(fields: Partial<Group> = {}): Group {
  return {
    client: 'codex', clientVersion: '1', model: null, arm: 'crowded', verdict: 'PASS', checks: [], control: 'fired',
    completion: of(200, 200), unusable: [], recall: of(98, 100), falseLoads: of(0, 100), rightSkill: of(1, 1),
    references: { recall: of(95, 100), precision: of(90, 100) }, splits: [], skills: [], symptoms: [], confusion: [],
    tokens: { input: spread, output: spread }, cost: null, duration: spread, ...fields,
  }
}
const spread = { total: 0, mean: 0, median: 0, p95: 0 }
const verdict = (fields: Partial<Group>) => verdictOfGroup(measured(fields), checkGroup(measured(fields), gates))
const failing = (fields: Partial<Group>) => checkGroup(measured(fields), gates).filter((one) => one.verdict !== 'PASS').map(({ id, verdict: one }) => `${id} ${one}`)

test('the whole interval on the right side passes', () => {
  expect(failing({})).toEqual([])
  expect(verdict({})).toBe('PASS')
})

test('the whole interval on the wrong side fails, a part of it decides nothing', () => {
  expect(failing({ recall: of(40, 100) })).toEqual(['recall FAIL'])
  expect(verdict({ recall: of(40, 100) })).toBe('FAIL')
  expect(failing({ recall: of(83, 100) })).toEqual(['recall INCONCLUSIVE'])
  expect(verdict({ recall: of(83, 100) })).toBe('INCONCLUSIVE')
  expect(failing({ falseLoads: of(40, 100) })).toEqual(['false-loads FAIL'])
  expect(failing({ references: { recall: of(10, 100), precision: of(10, 100) } })).toEqual(['reference-recall FAIL', 'reference-precision FAIL'])
})

test('an open check says how many runs more would decide it', () => {
  const [check] = checkGroup(measured({ recall: of(83, 100) }), gates).filter(({ id }) => id === 'recall')
  expect(check!.moreRuns).toBeGreaterThan(100)
  expect(checkGroup(measured({ recall: of(80, 100) }), gates).find(({ id }) => id === 'recall')).toMatchObject({ moreRuns: null })
})

test('each arm has its own gates', () => {
  expect(failing({ arm: 'isolated' })).toEqual(['recall INCONCLUSIVE'])
})

test('too few answers decide nothing, however bad or good the rest', () => {
  expect(verdict({ completion: of(80, 100) })).toBe('INCONCLUSIVE')
  expect(verdict({ completion: of(80, 100), recall: of(0, 100) })).toBe('INCONCLUSIVE')
  expect(verdict({ completion: of(90, 100) })).toBe('PASS')
})

test('a client that was never seen to load the skill decides nothing', () => {
  expect(verdict({ control: 'missing', recall: of(0, 100) })).toBe('INCONCLUSIVE')
})

test('a symptom can fail the group, its doubt holds nothing up', () => {
  const symptom = (recall: Share) => ({ symptoms: [{ symptom: 'jobs', recall, references: { recall: of(0, 0), precision: of(0, 0) } }] })
  expect(verdict(symptom(of(2, 3)))).toBe('PASS')
  expect(failing(symptom(of(2, 3)))).toEqual(['symptom.jobs INCONCLUSIVE'])
  expect(verdict(symptom(of(0, 20)))).toBe('FAIL')
})

test('what no prompt measured is not checked, and nothing checked is no pass', () => {
  expect(checkGroup(measured({ falseLoads: of(0, 0) }), gates).map(({ id }) => id)).not.toContain('false-loads')
  const nothing = { recall: of(0, 0), falseLoads: of(0, 0), references: { recall: of(0, 0), precision: of(0, 0) } }
  expect(verdict(nothing)).toBe('INCONCLUSIVE')
})

test('one failing group fails all, one open group leaves it open', () => {
  const all = (...verdicts: Group['verdict'][]) => verdictOfAll(verdicts.map((one) => ({ verdict: one })))
  expect([all('PASS', 'PASS'), all('PASS', 'INCONCLUSIVE'), all('INCONCLUSIVE', 'FAIL'), all()]).toEqual(['PASS', 'INCONCLUSIVE', 'FAIL', 'INCONCLUSIVE'])
})

test('the repository has gates for agents', () => {
  expect(readThresholds(`${import.meta.dirname}/../thresholds.json`).agents).toMatchObject({ minimumCompletion: 0.95 })
})
