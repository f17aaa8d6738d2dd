import { expect, test } from 'vitest'
import type { AgentName } from './agent.ts'
import { saidIn } from './said.ts'

const speaking: Record<AgentName, unknown> = {
  'claude-code': { type: 'assistant', message: { content: [{ type: 'text', text: 'I looked.' }, { type: 'tool_use', id: '1', name: 'Bash', input: {} }] } },
  codex: { type: 'item.completed', item: { type: 'agent_message', text: 'I looked.' } },
  opencode: { type: 'text', part: { type: 'text', text: 'I looked.' } },
  gemini: { type: 'message', role: 'assistant', content: 'I looked.', delta: true },
}
const silent: Record<AgentName, unknown> = {
  'claude-code': { type: 'user', message: { content: [{ type: 'tool_result', content: 'I looked.' }] } },
  codex: { type: 'item.completed', item: { type: 'command_execution', text: 'I looked.' } },
  opencode: { type: 'tool_use', part: { text: 'I looked.' } },
  gemini: { type: 'message', role: 'user', content: 'I looked.' },
}

test.each(Object.keys(speaking) as AgentName[])('%s', (client) => {
  expect(saidIn(client, JSON.stringify(speaking[client]))).toBe('I looked.')
  expect(saidIn(client, JSON.stringify(silent[client]))).toBe('')
  expect(saidIn(client, 'starting up')).toBe('')
})
