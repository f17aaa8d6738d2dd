import { expect, it } from 'vitest'
import { resultOf, trialText } from './trial-result.ts'
import type { Trial } from './trial.ts'

const trial = (task: string, arm: Trial['arm'], expert: boolean[]): Trial => ({
  task, arm, prompt: 0, run: 1, tokens: { input: 900, output: 100 }, cost: 0.5, duration: 60_000,
  verdicts: [
    { id: 'works', tier: 'basic', text: 'It works.', held: true },
    ...expert.map((held, index) => ({ id: `e${index}`, tier: 'expert' as const, text: 'A standard.', held })),
  ],
})

it('sums up both arms and keeps a failed client out of the shares', () => {
  const failed: Trial = {
    task: 'b', arm: 'without', prompt: 0, run: 1, tokens: { input: 0, output: 0 }, duration: 5,
    failure: { kind: 'rate-limit', message: '429' },
  }
  const result = resultOf('codex', undefined, [
    trial('a', 'with', [true, true]), trial('b', 'with', [true, false]), trial('a', 'without', [false, false]), failed,
  ])
  expect(result.arms.with).toMatchObject({ runs: 2, unusable: 0, basic: { hits: 2, total: 2 }, expert: { hits: 3, total: 4 }, tokens: 1000, cost: 0.5 })
  expect(result.arms.without).toMatchObject({ runs: 2, unusable: 1, expert: { hits: 0, total: 2 } })
  expect(result.difference!.difference).toBeCloseTo(0.75, 5)
  expect(trialText(result)).toContain('unusable: b, without: rate-limit: 429')
  expect(trialText(result)).toContain('expert criteria  3/4')
})

it('claims no difference where an arm is missing', () => {
  expect(resultOf('codex', 'm', [trial('a', 'with', [true])]).difference).toBeUndefined()
})
