import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { failureOf, jsonOf, type AgentClient, type ClientEvent } from './agent.ts'

/** Codex, headless: `codex exec --json PROMPT`. It loads a skill by reading its file in the shell. */
export const codex: AgentClient = {
  name: 'codex',
  package: '@openai/codex',
  protocol: 'responses',
  skillsFolder: '.agents/skills',
  credentials: ['OPENAI_API_KEY', 'CODEX_API_KEY'],
  configure({ home, endpoint, model }) {
    const provider = `model_provider = "stub"
[model_providers.stub]
name = "stub"
base_url = ${JSON.stringify(`${endpoint}/v1`)}
env_key = "STUB_KEY"
wire_api = "responses"
request_max_retries = 1
stream_max_retries = 0
`
    mkdirSync(join(home, '.codex'), { recursive: true })
    writeFileSync(
      join(home, '.codex/config.toml'),
      `${model || endpoint ? `model = ${JSON.stringify(model ?? 'stub')}\n` : ''}check_for_update_on_startup = false
${endpoint ? provider : ''}[analytics]
enabled = false
`,
    )
  },
  launch: ({ installed, home, endpoint }, prompt) => ({
    file: join(installed, 'node_modules/.bin/codex'),
    args: ['exec', '--json', '--skip-git-repo-check', '--dangerously-bypass-approvals-and-sandbox', prompt],
    env: { HOME: home, ...(endpoint && { STUB_KEY: 'stub' }) },
  }),
  read(line) {
    const event = jsonOf(line)
    switch (event?.type) {
      case 'item.started':
        return isCommand(event) ? [{ type: 'shell', id: event.item.id, command: event.item.command }] : []
      case 'item.completed':
        return isCommand(event) ? [{ type: 'result', id: event.item.id, ok: event.item.exit_code === 0 }] : []
      case 'turn.completed': {
        const { input_tokens: input = 0, output_tokens: output = 0, cached_input_tokens: cached = 0 } = event.usage ?? {}
        return [{ type: 'usage', input, output, cached }, { type: 'answered' }] satisfies ClientEvent[]
      }
      case 'turn.failed':
        return [failureOf(String(event.error?.message ?? 'the turn failed'))]
      default:
        return []
    }
  },
}

const isCommand = (event: any): boolean => event.item?.type === 'command_execution'
