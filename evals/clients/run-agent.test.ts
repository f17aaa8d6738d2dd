import { expect, test } from 'vitest'
import type { ClientEvent } from './agent.ts'
import { gemini } from './gemini.ts'
import { opencode } from './opencode.ts'
import { failureIn } from './run-agent.ts'

const refused = 'level=ERROR message="stream error" providerID=x error.error="AI_APICallError: invalid api key"\n'
const answered: ClientEvent[] = [{ type: 'answered' }]

test('what only the log tells is the reason of a run without an answer', () => {
  expect(failureIn(opencode, { events: [], stderr: refused })).toEqual({ kind: 'auth', message: 'AI_APICallError: invalid api key' })
  expect(failureIn(opencode, { events: [], stderr: refused.replace('invalid api key', 'rate limit reached') })).toMatchObject({ kind: 'rate-limit' })
  expect(failureIn(gemini, { events: [], stderr: '{"error":{"message":"API key not valid"}}' }, 1)).toMatchObject({ kind: 'auth' })
})

test('a try that failed before the answer is no failure', () => {
  expect(failureIn(opencode, { events: answered, stderr: refused })).toBeUndefined()
  expect(failureIn(opencode, { events: answered, stderr: '' })).toBeUndefined()
})

test('an exit code or a failure among the events outweighs the answer', () => {
  expect(failureIn(opencode, { events: answered, stderr: '' }, 1)).toEqual({ kind: 'error', message: 'opencode ended with 1 and no answer' })
  expect(failureIn(opencode, { events: [...answered, { type: 'failure', kind: 'spend', message: 'm' }], stderr: '' })).toEqual({ kind: 'spend', message: 'm' })
})
