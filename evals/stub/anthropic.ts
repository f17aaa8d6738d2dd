import { sse, textOf, tokensOf, type ToolCall, type Wire } from './model.ts'

/** Anthropic Messages. */
export const anthropic: Wire = {
  protocol: 'anthropic',
  matches: (path) => path.startsWith('/v1/messages') && !path.includes('count_tokens'),
  streams: (body) => body.stream === true,
  read: (body) => ({
    protocol: 'anthropic',
    model: body.model,
    text: textOf([body.system, body.messages]),
    messages: textOf(body.messages),
    tools: (body.tools ?? []).map((tool: any) => ({
      name: tool.name, description: tool.description ?? '', parameters: tool.input_schema,
    })),
    body,
  }),
  whole: (step, request, id) => ({
    id, type: 'message', role: 'assistant', model: request.model, stop_sequence: null,
    stop_reason: step.calls.length > 0 ? 'tool_use' : 'end_turn',
    content: blocks(step, id),
    usage: { input_tokens: tokensOf(request.text), output_tokens: tokensOf(JSON.stringify(step)) },
  }),
  events(step, request, id) {
    const usage = { input_tokens: tokensOf(request.text), output_tokens: 1 }
    const message = {
      id, type: 'message', role: 'assistant', model: request.model, content: [], stop_reason: null, stop_sequence: null, usage,
    }
    return [
      sse({ type: 'message_start', message }, 'message_start'),
      ...blocks(step, id).flatMap((block, index) => [
        sse({ type: 'content_block_start', index, content_block: opened(block) }, 'content_block_start'),
        sse({ type: 'content_block_delta', index, delta: delta(block) }, 'content_block_delta'),
        sse({ type: 'content_block_stop', index }, 'content_block_stop'),
      ]),
      sse({
        type: 'message_delta',
        delta: { stop_reason: step.calls.length > 0 ? 'tool_use' : 'end_turn', stop_sequence: null },
        usage: { output_tokens: tokensOf(JSON.stringify(step)) },
      }, 'message_delta'),
      sse({ type: 'message_stop' }, 'message_stop'),
    ]
  },
  error: (status, message) => ({ type: 'error', error: { type: errorType(status), message } }),
}

type Block = { type: 'text'; text: string } | { type: 'tool_use'; id: string; name: string; input: unknown }

function blocks({ text, calls }: { text?: string; calls: ToolCall[] }, id: string): Block[] {
  return [
    ...(text === undefined ? [] : [{ type: 'text' as const, text }]),
    ...calls.map(({ name, input }, index) => ({ type: 'tool_use' as const, id: `toolu_${id}_${index}`, name, input })),
  ]
}

const opened = (block: Block) => (block.type === 'text' ? { type: 'text', text: '' } : { ...block, input: {} })

const delta = (block: Block) =>
  block.type === 'text'
    ? { type: 'text_delta', text: block.text }
    : { type: 'input_json_delta', partial_json: JSON.stringify(block.input) }

function errorType(status: number): string {
  const types: Record<number, string> = { 401: 'authentication_error', 402: 'billing_error', 429: 'rate_limit_error', 529: 'overloaded_error' }
  return types[status] ?? (status < 500 ? 'invalid_request_error' : 'api_error')
}
