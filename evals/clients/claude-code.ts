import { join } from 'node:path'
import { platformPackage } from './installed.ts'
import { failureOf, jsonOf, type AgentClient, type ClientEvent } from './agent.ts'

/** Claude Code, headless: `claude -p PROMPT --output-format stream-json --verbose`. */
export const claudeCode: AgentClient = {
  name: 'claude-code',
  package: '@anthropic-ai/claude-code',
  protocol: 'anthropic',
  skillsFolder: '.claude/skills',
  credentials: ['ANTHROPIC_API_KEY', 'ANTHROPIC_BASE_URL', 'CLAUDE_CODE_OAUTH_TOKEN'],
  configure() {},
  launch: ({ installed, home, endpoint, model }, prompt) => ({
    file: join(platformPackage(installed, '@anthropic-ai/claude-code'), 'claude'),
    args: [
      '-p', prompt, '--output-format', 'stream-json', '--verbose', '--permission-mode', 'bypassPermissions',
      ...(model ? ['--model', model] : []),
    ],
    env: {
      HOME: home,
      ...(endpoint && { ANTHROPIC_BASE_URL: endpoint, ANTHROPIC_API_KEY: 'stub' }),
      CLAUDE_CODE_DISABLE_NONESSENTIAL_TRAFFIC: '1', DISABLE_AUTOUPDATER: '1', DISABLE_TELEMETRY: '1',
      DISABLE_ERROR_REPORTING: '1', CLAUDE_CODE_MAX_RETRIES: '1', IS_SANDBOX: '1',
    },
  }),
  read(line) {
    const event = jsonOf(line)
    if (event?.type === 'assistant') return contents(event).flatMap((block) => (block.type === 'tool_use' ? callOf(block) : []))
    if (event?.type === 'user') {
      return contents(event)
        .filter(({ type }) => type === 'tool_result')
        .map(({ tool_use_id, is_error }) => ({ type: 'result', id: tool_use_id, ok: is_error !== true }))
    }
    return event?.type === 'result' ? ending(event) : []
  },
}

function contents(event: any): any[] {
  return Array.isArray(event.message?.content) ? event.message.content : []
}

function callOf({ id, name, input }: any): ClientEvent[] {
  switch (name) {
    case 'Skill':
      return typeof input.skill === 'string' ? [{ type: 'skill', id, name: input.skill }] : []
    case 'Read':
      return typeof input.file_path === 'string' ? [{ type: 'read', id, path: input.file_path }] : []
    case 'Bash':
      return typeof input.command === 'string' ? [{ type: 'shell', id, command: input.command }] : []
    default:
      return []
  }
}

function ending(event: any): ClientEvent[] {
  const { usage = {}, total_cost_usd: cost, is_error, api_error_status: status } = event
  const cached = usage.cache_read_input_tokens ?? 0
  const spent: ClientEvent = {
    type: 'usage', cached, output: usage.output_tokens ?? 0, cost,
    input: (usage.input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0) + cached,
  }
  if (!is_error) return [spent, { type: 'answered' }]
  return [spent, failureOf(String(event.result ?? event.errors?.join(' ') ?? event.subtype), status ?? undefined)]
}
