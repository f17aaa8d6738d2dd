import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import { folderWith } from '../../../scripts/core/testing.ts'
import { resultJsonSchema, resultSchema, type AgentResult } from '../../agents/result.ts'
import { runAgents } from '../../agents/run.ts'
import { controlAnswer, fakeClients, say, smallPrompts, smallSuite } from '../../agents/testing.ts'
import { negativeOf, promptOf } from '../../testing.ts'
import { github } from './github.ts'
import { junit } from './junit.ts'
import { writePluginEval } from './plugin-eval.ts'
import { promptfoo } from './promptfoo.ts'
import { skillCreator } from './skill-creator.ts'
import { checkLine, terminal } from './terminal.ts'

/** A hit, a miss, a false load and a refused call, as a stand-in client printed them. */
async function produce(): Promise<AgentResult> {
  const { root, ...paths } = smallSuite()
  const { folder } = fakeClients([
    controlAnswer,
    { when: 'my job is lost', lines: [say.skill('ours'), say.result('s'), say.done] },
    { when: 'button blue', lines: [say.skill('ours'), say.result('s'), say.done] },
    { when: 'poem', lines: [say.error(429, 'slow <down> | & wait')] },
  ])
  const outcome = await runAgents({
    ...paths, clients: ['claude-code'], arms: ['crowded'], runs: 2, concurrency: 2, timeout: 10_000,
    records: join(root, 'records'), endpoint: 'http://127.0.0.1:9', installed: async () => folder,
  })
  return outcome.result
}

let made: AgentResult | undefined
const theResult = async (): Promise<AgentResult> => (made ??= await produce())

test('the result is as its schema says, and the schema file is as the code says', async () => {
  const result = await theResult()
  expect(resultSchema.safeParse(result).error).toBeUndefined()
  const file = readFileSync(join(import.meta.dirname, '../../agents/result.schema.json'), 'utf8')
  expect(file).toBe(resultJsonSchema())
  const validate = new Ajv2020().compile(JSON.parse(file))
  expect(validate(JSON.parse(JSON.stringify(result)))).toBe(true)
  expect(validate({ ...result, verdict: 'GOOD' })).toBe(false)
})

test('the terminal shows numbers, doubts and reasons', async () => {
  const result = await theResult()
  const text = terminal(result)
  expect(text).toContain('ours: 4 prompts × 2 runs, alone (isolated) and among 1 other skills (crowded)')
  expect(text).toMatch(/^ +runs with an answer +6\/8$/m)
  expect(text).toMatch(/^ +recall +50\.0 %$/m)
  expect(text).toContain('2 of 8 runs say nothing, rate-limit: slow <down> | & wait')
  expect(text).toContain('inconclusive  runs with an answer 75.0 % (6/8')
  expect(text).toMatch(/independent runs more would decide$/m)
  expect(text).toMatch(/^ {2}other +ours +2$/m)
  expect(text.split('\n').at(-1)).toBe('INCONCLUSIVE')
  expect(text).not.toContain('queue-full run 1')
  expect(terminal(result, { verbose: true })).toMatch(/missed {6}queue-full run 1, loaded nothing \([0-9a-f]{32}\): the queue is full/)
  expect(terminal(result, { color: true })).toContain('\u001b[33mINCONCLUSIVE\u001b[39m')
})

test('a decided check says so without asking for more', async () => {
  const result = await theResult()
  const check = result.groups[0]!.checks.find(({ id }) => id === 'recall')!
  expect(checkLine({ ...check, verdict: 'FAIL', moreRuns: null })).toBe('recall 50.0 % (2/4, 95 % 9.5–90.5), at least 80.0 % is due')
})

test('JUnit has a case for each check, open ones skipped, failed ones failed', async () => {
  const result = await theResult()
  const xml = junit(result)
  const { checks } = result.groups[0]!
  expect(xml.match(/<testcase /g)).toHaveLength(checks.length)
  const failed = checks.filter(({ verdict }) => verdict === 'FAIL').length
  expect(xml).toContain(`tests="${checks.length}" failures="${failed}" errors="0"`)
  expect(xml.match(/<failure /g) ?? []).toHaveLength(failed)
  expect(xml).toContain('2 × rate-limit: slow &#60;down&#62; | &#38; wait')
  const broken = junit({ ...result, groups: [{ ...result.groups[0]!, checks: [{ ...checks[1]!, verdict: 'FAIL' }] }] })
  expect(broken).toContain('<failure message="recall 50.0 %')
})

test('the job summary is Markdown in which texts of clients stay text', async () => {
  const result = await theResult()
  const text = github(result)
  expect(text).toContain('## ❔ Evals of ours: INCONCLUSIVE')
  expect(text).toContain('slow &#60;down&#62; &#124; &#38; wait')
  for (const block of text.split('\n\n').filter((part) => part.startsWith('|'))) {
    expect(new Set(block.trim().split('\n').map((line) => line.split('|').length)).size).toBe(1)
  }
})

test('skill-creator gets its shape; prompts without an answer stay out', async () => {
  const result = await theResult()
  expect(JSON.parse(skillCreator(result))).toEqual({
    skill_name: 'ours', description: 'Jobs and queues of a backend.',
    results: [
      { query: 'my job is lost', should_trigger: true, trigger_rate: 1, triggers: 2, runs: 2, pass: true },
      { query: 'the queue is full', should_trigger: true, trigger_rate: 0, triggers: 0, runs: 2, pass: false },
      { query: 'make the button blue', should_trigger: false, trigger_rate: 1, triggers: 2, runs: 2, pass: false },
    ],
    summary: { total: 3, passed: 1, failed: 2 },
  })
})

test('promptfoo gets one test for each prompt, and templates in a prompt stay text', () => {
  const config = parse(promptfoo([...smallPrompts, promptOf({ id: 'braces', query: 'what is {{ this }}' })], 'ours', ['claude-code', 'codex']))
  expect(config.providers.map(({ id }: { id: string }) => id)).toEqual(['anthropic:claude-agent-sdk', 'openai:codex-sdk'])
  expect(config.tests.map(({ assert }: { assert: object[] }) => assert[0])).toEqual([
    { type: 'skill-used', value: 'ours' }, { type: 'skill-used', value: 'ours' }, { type: 'not-skill-used', value: 'ours' },
    { type: 'not-skill-used', value: 'ours' }, { type: 'skill-used', value: 'ours' },
  ])
  expect(config.tests[4].vars.request).toBe('{% raw %}what is {{ this }}{% endraw %}')
  expect(() => promptfoo(smallPrompts, 'ours', ['gemini'])).toThrow('promptfoo does not see which skill gemini loads')
})

test('claude plugin eval gets a folder for each prompt; a folder in use is refused', () => {
  const target = folderWith({}, 'cases')
  expect(writePluginEval([smallPrompts[0]!, negativeOf(null, { id: 'no', query: 'write a poem' })], 'ours', 3, target)).toBe(2)
  const [, head, body] = readFileSync(join(target, 'no/prompt.md'), 'utf8').split('---\n')
  expect(parse(head!)).toEqual({ name: 'no', runs: 3, expected_outcome: 'ours does not load' })
  expect(body!.trim()).toBe('write a poem')
  const grader = (id: string) => parse(readFileSync(join(target, id, 'graders/skill.md'), 'utf8').split('---\n')[1]!)
  expect(grader('no')).toMatchObject({ type: 'tool_used', tool: 'Skill', min: 0, max: 0, arm: 'both' })
  expect(grader('job-lost')).toMatchObject({ min: 1, arm: 'with-only' })
  expect(new RegExp(grader('no').input_match).test('{"skill": "bundle:ours"}')).toBe(true)
  expect(new RegExp(grader('no').input_match).test('{"skill": "ours-ui"}')).toBe(false)
  expect(() => writePluginEval(smallPrompts, 'ours', 3, target)).toThrow('is not an empty folder')
})
