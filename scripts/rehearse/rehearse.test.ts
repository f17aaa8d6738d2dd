import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { documentOf, guideDocuments } from '../fences/documents.ts'
import { guideOf, path, readGuide } from './engine/guide.ts'
import { rehearse } from './engine/run.ts'
import { openStage, type Stage } from './engine/stage.ts'
import { rehearsals } from './registry.ts'

vi.setConfig({ maxConcurrency: 2 })

let stage: Stage
beforeAll(async () => {
  stage = await openStage()
}, 120_000)
afterAll(async () => stage?.stop(), 60_000)

describe.concurrent('each runbook mends what its rehearsal breaks', () => {
  const guide = readGuide()
  test.each(rehearsals.map((rehearsal) => [rehearsal.runbook, rehearsal] as const))('%s', async (_, rehearsal) => {
    const { ok, problem } = await rehearse(stage, guide, rehearsal)
    expect({ ok, problem }).toEqual({ ok: true, problem: undefined })
  }, 180_000)
})

describe.concurrent('a wrong command in the Markdown fails its rehearsal', () => {
  const { text } = guideDocuments().find((document) => document.path === path)!
  const wrong: [title: string, runbook: string, right: string, wrong: string, problem: RegExp][] = [
    ['a first block that never says yes', 'impersonation-misuse', "interval '61 min' or not exists", "interval '61 days' and not exists",
      /runbooks\.md:\d+ says yes did not happen/],
    ['a first block that always says yes', 'redis-down', `grep '"redis":"down"'`, `grep '"redis":'`, /says no while all is well/],
    ['a step that mends nothing', 'webhook-duplicates', '--type user.deleted', '--type user.created', /replayed/],
    ['a column that does not exist', 'tenant-leak', 'set deleted_at = now() where id = 2', 'set removed_at = now() where id = 2',
      /runbooks\.md:\d+ 42703 column "removed_at"/],
    ['a symptom that nobody sees', 'tenant-leak', "Foreign rows; writes by nobody's grant.", 'Foreign rows, log `tenant_crossed`.',
      /nobody saw the symptom tenant_crossed/],
  ]
  test.each(wrong)('%s', async (_, name, right, mutated, problem) => {
    expect(text.split(right)).toHaveLength(2)
    const guide = guideOf(documentOf(path, text.replace(right, () => mutated)))
    const outcome = await rehearse(stage, guide, rehearsals.find(({ runbook }) => runbook === name)!, { patienceMs: 6_000 })
    expect(outcome.ok).toBe(false)
    expect(outcome.problem).toMatch(problem)
  }, 180_000)
})

test('a rehearsal without its runbook fails', async () => {
  const guide = readGuide()
  const outcome = await rehearse(stage, guide, { ...rehearsals[0]!, runbook: 'gone' })
  expect(outcome.problem).toBe('no runbook has the anchor gone; write it or remove the rehearsal')
})
