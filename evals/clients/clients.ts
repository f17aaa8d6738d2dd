import type { AgentClient, AgentName } from './agent.ts'
import { claudeCode } from './claude-code.ts'
import { codex } from './codex.ts'
import { gemini } from './gemini.ts'
import { opencode } from './opencode.ts'

export const agents: Record<AgentName, AgentClient> = { 'claude-code': claudeCode, codex, opencode, gemini }
