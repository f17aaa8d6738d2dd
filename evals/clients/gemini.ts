import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { failureOf, jsonOf, type AgentClient, type ClientEvent } from './agent.ts'

/** Gemini CLI, headless: `gemini -p PROMPT -o stream-json`. */
export const gemini: AgentClient = {
  name: 'gemini',
  package: '@google/gemini-cli',
  protocol: 'gemini',
  skillsFolder: '.gemini/skills',
  credentials: ['GEMINI_API_KEY', 'GOOGLE_API_KEY'],
  configure({ home }) {
    mkdirSync(join(home, '.gemini'), { recursive: true })
    writeFileSync(join(home, '.gemini/settings.json'), JSON.stringify({
      security: { auth: { selectedType: 'gemini-api-key' } }, privacy: { usageStatisticsEnabled: false },
      general: { disableAutoUpdate: true, maxAttempts: 2 }, telemetry: { enabled: false },
    }))
  },
  launch: ({ installed, home, endpoint, model }, prompt) => ({
    file: join(installed, 'node_modules/.bin/gemini'),
    // Without a model it asks another one which to use.
    args: ['-p', prompt, '-o', 'stream-json', '--approval-mode', 'yolo', ...(model || endpoint ? ['-m', model ?? 'gemini-3-pro'] : [])],
    env: {
      HOME: home, GEMINI_CLI_TRUST_WORKSPACE: 'true', TERM: 'xterm-256color',
      ...(endpoint && { GEMINI_API_KEY: 'stub', GOOGLE_GEMINI_BASE_URL: endpoint }),
    },
  }),
  read(line) {
    const event = jsonOf(line)
    switch (event?.type) {
      case 'tool_use':
        return callOf(event)
      case 'tool_result':
        return [{ type: 'result', id: event.tool_id, ok: event.status === 'success' }]
      case 'result': {
        const { input_tokens: input = 0, output_tokens: output = 0, cached = 0 } = event.stats ?? {}
        const usage: ClientEvent = { type: 'usage', input, output, cached }
        if (event.status === 'success') return [usage, { type: 'answered' }]
        return [usage, failureOf(String(event.error?.message ?? 'the turn failed'))]
      }
      default:
        return []
    }
  },
  readError(text) {
    const message = /Error when talking to Gemini API[^{]*(\{.*\})/.exec(text)?.[1] ?? /"message":"([^"]+)"/.exec(text)?.[1]
    return message ? failureOf(message) : undefined
  },
}

function callOf({ tool_name: tool, tool_id: id, parameters = {} }: any): ClientEvent[] {
  if (tool === 'activate_skill') return [{ type: 'skill', id, name: String(parameters.name) }]
  if (tool === 'read_file') return [{ type: 'read', id, path: String(parameters.file_path ?? parameters.absolute_path) }]
  if (tool === 'run_shell_command') return [{ type: 'shell', id, command: String(parameters.command) }]
  return []
}
