import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { platformPackage } from './installed.ts'
import { failureOf, jsonOf, type AgentClient, type ClientEvent } from './agent.ts'

/** OpenCode, headless: `opencode run --format json PROMPT`. A tool's event holds its result. */
export const opencode: AgentClient = {
  name: 'opencode',
  package: 'opencode-ai',
  protocol: 'chat',
  skillsFolder: '.agents/skills',
  credentials: ['ANTHROPIC_API_KEY', 'OPENAI_API_KEY', 'OPENROUTER_API_KEY', 'OPENCODE_API_KEY'],
  configure({ project, endpoint, model }) {
    const stub = {
      model: 'stub/stub',
      small_model: 'stub/stub',
      provider: {
        stub: {
          npm: '@ai-sdk/openai-compatible', name: 'stub', models: { stub: { name: 'stub' } },
          options: { baseURL: `${endpoint}/v1`, apiKey: 'stub' },
        },
      },
    }
    writeFileSync(join(project, 'opencode.json'), JSON.stringify({
      $schema: 'https://opencode.ai/config.json', autoupdate: false, share: 'disabled', permission: { '*': 'allow' },
      ...(endpoint ? stub : model && { model }),
    }))
  },
  launch: ({ installed, home }, prompt) => ({
    file: join(platformPackage(installed, 'opencode'), 'bin/opencode'),
    // It tries again for ever when a key is refused, and says so in its log alone.
    args: ['run', '--format', 'json', '--print-logs', '--log-level', 'ERROR', prompt],
    env: {
      HOME: home, OPENCODE_DISABLE_MODELS_FETCH: '1', OPENCODE_DISABLE_AUTOUPDATE: '1', OPENCODE_DISABLE_SHARE: '1',
      OPENCODE_DISABLE_DEFAULT_PLUGINS: '1', OPENCODE_DISABLE_CLAUDE_CODE_SKILLS: '1',
    },
  }),
  read(line) {
    const event = jsonOf(line)
    switch (event?.type) {
      case 'tool_use':
        return callOf(event.part)
      case 'step_finish': {
        const { tokens = {}, cost, reason } = event.part ?? {}
        const usage: ClientEvent = {
          type: 'usage', input: (tokens.input ?? 0) + (tokens.cache?.read ?? 0), output: tokens.output ?? 0,
          cached: tokens.cache?.read ?? 0, ...(cost ? { cost } : {}),
        }
        return reason === 'tool-calls' ? [usage] : [usage, { type: 'answered' }]
      }
      case 'error':
        return [failureOf(String(event.error?.data?.message ?? event.error?.message ?? event.error?.name), event.error?.data?.statusCode)]
      default:
        return []
    }
  },
  readError(text) {
    const message = /message="stream error".*error\.error="([^"]+)"/.exec(text)?.[1]
    return message === undefined ? undefined : failureOf(message)
  },
}

function callOf({ tool, callID: id, state }: any): ClientEvent[] {
  const { input = {}, status } = state
  const done: ClientEvent = { type: 'result', id, ok: status === 'completed' }
  if (tool === 'skill') return [{ type: 'skill', id, name: String(input.name) }, done]
  if (tool === 'read') return [{ type: 'read', id, path: String(input.filePath) }, done]
  if (tool === 'bash') return [{ type: 'shell', id, command: String(input.command) }, done]
  return []
}
