import { jsonOf, type AgentName } from './agent.ts'

/** What the agent says in one line of its output; empty when it says nothing there. */
export function saidIn(client: AgentName, line: string): string {
  const event = jsonOf(line)
  switch (client) {
    case 'claude-code':
      return event?.type === 'assistant' && Array.isArray(event.message?.content)
        ? event.message.content.flatMap((block: any) => (block.type === 'text' ? [String(block.text)] : [])).join('\n')
        : ''
    case 'codex':
      return event?.type === 'item.completed' && event.item?.type === 'agent_message' ? String(event.item.text) : ''
    case 'opencode':
      return event?.type === 'text' ? String(event.part?.text ?? '') : ''
    case 'gemini':
      return event?.type === 'message' && event.role === 'assistant' ? String(event.content ?? '') : ''
  }
}
