import { expect, test } from 'vitest'
import { calibrate, tuneMinimumScore } from './calibrate.ts'
import { negativeOf, promptOf } from './testing.ts'

const library = {
  skill: { name: 'ours', description: 'Webhooks, cron, queue, backend.' },
  catalog: [{ name: 'other', description: 'Pages and buttons.' }],
  routes: [],
}
const strong = promptOf({ id: 'a', query: 'webhooks of the cron queue' })
const weak = negativeOf(null, { id: 'b', query: 'a poem on a backend' })

test('the minimum score lies between what should load and what should not', () => {
  const minimum = tuneMinimumScore(library, [strong, weak])
  expect(tuneMinimumScore(library, [strong])).toBeGreaterThanOrEqual(minimum)
  expect(minimum).toBeGreaterThan(0.6)
})

test('validation has no say in the minimum score', () => {
  const faint = promptOf({ id: 'c', query: 'backend' })
  expect(tuneMinimumScore(library, [strong, faint])).toBeLessThan(tuneMinimumScore(library, [strong]))
  expect(tuneMinimumScore(library, [strong, { ...faint, split: 'validation' }])).toBe(
    tuneMinimumScore(library, [strong]),
  )
})

test('gates stand a little below what is measured', async () => {
  const prompts = [strong, weak, { ...strong, id: 'c', split: 'validation' as const }]
  const {
    lexical: { gates },
  } = await calibrate(library, prompts, { minimumScore: 0, rowMargin: 0.8 })
  expect(gates.train).toMatchObject({ minimumRecall: 0.99, maximumFalseLoads: 0.01 })
  expect(gates.minimumSymptomRecall).toEqual({ jobs: 0.5 })
})
