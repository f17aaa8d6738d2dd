import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { negativeOf, promptOf } from '../testing.ts'
import { runAgents, type AgentRunOptions } from './run.ts'
import { controlAnswer, fakeClients, say, smallSuite, type FakeAnswer } from './testing.ts'

const reference = '@PROJECT@/.claude/skills/ours/references/jobs.md'
const good: FakeAnswer[] = [
  controlAnswer,
  { when: 'my job is lost', lines: [say.init, say.skill('ours'), say.result('s'), say.read(reference), say.result('r'), say.done] },
  { when: 'queue is full', lines: [say.init, say.shell('ls'), say.result('b'), say.skill('ours'), say.result('s'), say.done] },
  { when: 'button blue', lines: [say.init, say.skill('other'), say.result('s'), say.done] },
]

function setup(answers: FakeAnswer[] = good, fields: Partial<AgentRunOptions> = {}) {
  const { root, ...paths } = smallSuite()
  const clients = fakeClients(answers)
  const options: AgentRunOptions = {
    ...paths, clients: ['claude-code'], arms: ['isolated', 'crowded'], runs: 2, concurrency: 2, timeout: 10_000,
    records: join(root, 'records'), endpoint: 'http://127.0.0.1:9', installed: async () => clients.folder, ...fields,
  }
  return { root, options, launches: clients.launches }
}

test('each client and arm gets its own numbers', async () => {
  const { options, launches } = setup()
  const { result, execution } = await runAgents(options)
  expect(launches()).toHaveLength(1 + 4 * 2 * 2)
  expect(execution).toMatchObject({ started: 16, reused: 0 })
  // The four runs that are stopped at their hit may end before they tell.
  expect(execution!.spent).toBeGreaterThanOrEqual(17 * 0.25 - 4 * 0.25)
  const [isolated, crowded] = result.groups
  expect(isolated).toMatchObject({
    client: 'claude-code', clientVersion: '1.0.0', arm: 'isolated', control: 'fired',
    completion: { hits: 8, total: 8 }, recall: { hits: 4, total: 4 }, falseLoads: { hits: 0, total: 4 }, rightSkill: { hits: 8 },
    references: { recall: { hits: 2, total: 2 }, precision: { hits: 2, total: 2 } },
  })
  expect(crowded!.confusion).toEqual([
    { expected: 'ours', loaded: 'ours', runs: 4 }, { expected: null, loaded: null, runs: 2 }, { expected: 'other', loaded: 'other', runs: 2 },
  ])
  expect(crowded!.skills).toMatchObject([{ name: 'ours', recall: { rate: 1 } }, { name: 'other', recall: { rate: 1 }, falseLoads: { hits: 0 } }])
  expect(result.verdict).toBe('INCONCLUSIVE')
  expect(result.rows.filter(({ prompt }) => prompt === 'poem')).toMatchObject(Array(4).fill({ loaded: null, loads: [], tokens: { input: 120, output: 7 }, cost: 0.25 }))
})

test('the second command repeats nothing', async () => {
  const { options, launches } = setup()
  const first = await runAgents(options)
  const before = launches().length
  const second = await runAgents(options)
  expect(launches()).toHaveLength(before)
  expect(second.execution).toMatchObject({ started: 0, reused: 16, spent: 0 })
  expect(second.result).toEqual(first.result)
})

test('more runs pay only for what is new; another text of the skill pays again', async () => {
  const { root, options, launches } = setup()
  await runAgents({ ...options, arms: ['isolated'], runs: 1 })
  expect(launches()).toHaveLength(1 + 4)
  await runAgents({ ...options, arms: ['isolated'], runs: 2 })
  expect(launches()).toHaveLength(1 + 8)
  await runAgents({ ...options, arms: ['isolated'], runs: 2, skill: smallSuite().skill })
  expect(launches()).toHaveLength(1 + 8)
  writeFileSync(join(root, 'ours/references/jobs.md'), '# Jobs, again\n')
  await runAgents({ ...options, arms: ['isolated'], runs: 1 })
  expect(launches()).toHaveLength(1 + 8 + 1 + 4)
})

test('nothing is scored when the positive control does not fire', async () => {
  const { options, launches } = setup(good.slice(1))
  await expect(runAgents(options)).rejects.toThrow(/^the positive control failed: asked for ours by name, claude-code loaded nothing; nothing was scored/)
  expect(launches()).toHaveLength(3)
})

test('a refused key ends the control at once and says so', async () => {
  const { options, launches } = setup([{ when: '', lines: [say.init, say.error(401, 'invalid api key')] }])
  await expect(runAgents(options)).rejects.toThrow('claude-code could not answer (auth: invalid api key)')
  expect(launches()).toHaveLength(1)
})

test('timeouts and rate limits are no answers: completion falls, rates do not', async () => {
  const { options } = setup([
    ...good.slice(0, 2), { when: 'queue is full', lines: [say.init, say.error(429, 'rate limited')] },
    { when: 'poem', lines: [say.init, say.done], pause: 9 },
  ], { arms: ['crowded'], timeout: 1500 })
  const { result } = await runAgents(options)
  expect(result.groups[0]).toMatchObject({
    completion: { hits: 4, total: 8 }, recall: { hits: 2, total: 2 }, falseLoads: { hits: 0, total: 2 }, verdict: 'INCONCLUSIVE',
    unusable: [{ kind: 'rate-limit', runs: 2, example: 'rate limited' }, { kind: 'timeout', runs: 2, example: 'no answer within 1.5 s' }],
  })
})

test('failed runs are tried again by the next command', async () => {
  const { options } = setup([controlAnswer, { when: 'my job is lost', lines: [say.error(429, 'slow down')] }])
  expect((await runAgents(options)).result.groups[0]!.unusable).toMatchObject([{ kind: 'rate-limit' }])
  const clients = fakeClients(good)
  const { result, execution } = await runAgents({ ...options, installed: async () => clients.folder })
  expect(execution).toMatchObject({ started: 4, reused: 12 })
  expect(result.groups[0]!.completion).toMatchObject({ hits: 8, total: 8 })
})

test('the budget ends it and what is missing is told', async () => {
  const { options, launches } = setup(good, { budget: 1, concurrency: 1 })
  const { result, execution } = await runAgents(options)
  expect(execution!.halted).toBe('budget')
  expect(launches().length).toBeLessThan(10)
  expect(result.verdict).toBe('INCONCLUSIVE')
  expect(result.notes).toEqual([expect.stringMatching(/^\d+ of 16 runs did not take place: the budget was used up$/)])
  expect(result.groups.at(-1)!.unusable).toMatchObject([{ kind: 'missing' }])
})

test('a replay grades the records without a client', async () => {
  const { options } = setup()
  const { result } = await runAgents(options)
  const again = await runAgents({ ...options, replay: true, installed: () => Promise.reject(new Error('must not be asked')) })
  expect(again.result).toEqual({ ...result, rows: expect.arrayContaining(result.rows) })
  expect(again.execution).toBeUndefined()
})

test('a replay of other skill texts says so, one of two mixed ones is refused', async () => {
  const { options, root } = setup(good, { arms: ['isolated'] })
  await runAgents(options)
  const third = smallSuite()
  const replay = { ...options, replay: true, skill: third.skill }
  expect((await runAgents(replay)).result.notes).toEqual([])
  const page = join(root, 'ours/references/jobs.md')
  writeFileSync(page, '# Second\n')
  expect((await runAgents({ ...options, replay: true })).result.notes).toEqual(['the isolated records were made with other skill texts than those of today'])
  await runAgents(options)
  writeFileSync(page, '# Third\n')
  await expect(runAgents({ ...options, replay: true })).rejects.toThrow('its isolated records are of several versions of the skills')
})

test('a suite of one kind of prompt checks only what it can', async () => {
  const { root, ...paths } = smallSuite([promptOf({ id: 'a', query: 'my job is lost' }), negativeOf(null, { id: 'b', query: 'poem' })])
  const { options } = setup()
  const { result } = await runAgents({ ...options, ...paths, records: join(root, 'r') })
  expect(result.groups[0]!.checks.map(({ id }) => id)).toEqual(['completion', 'recall', 'false-loads', 'symptom.jobs'])
})
