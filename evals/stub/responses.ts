import { sse, textOf, tokensOf, type ModelRequest, type ToolCall, type Wire } from './model.ts'

/** OpenAI Responses. */
export const responses: Wire = {
  protocol: 'responses',
  matches: (path) => /\/responses$/.test(path),
  streams: (body) => body.stream === true,
  read: (body) => ({
    protocol: 'responses',
    model: body.model,
    text: textOf([body.instructions, body.input]),
    messages: textOf(body.input),
    tools: (body.tools ?? []).map((tool: any) => ({
      name: tool.name ?? tool.type, description: tool.description ?? '', parameters: tool.parameters,
    })),
    body,
  }),
  whole: (step, request, id) => response(step, request, id, 'completed'),
  events(step, request, id) {
    const items = output(step, id)
    return [
      event('response.created', { response: { ...response(step, request, id, 'in_progress'), output: [] } }),
      ...items.flatMap((item, index) => [
        event('response.output_item.added', { output_index: index, item }),
        event('response.output_item.done', { output_index: index, item }),
      ]),
      event('response.completed', { response: response(step, request, id, 'completed') }),
    ]
  },
  error: (_status, message) => ({ error: { message, type: 'server_error', code: null, param: null } }),
}

const event = (type: string, data: object): string => sse({ type, ...data }, type)

function response(step: { text?: string; calls: ToolCall[] }, request: ModelRequest, id: string, status: string) {
  const [input, out] = [tokensOf(request.text), tokensOf(JSON.stringify(step))]
  return {
    id: `resp_${id}`, object: 'response', created_at: 0, status, model: request.model, output: output(step, id),
    usage: {
      input_tokens: input, input_tokens_details: { cached_tokens: 0 },
      output_tokens: out, output_tokens_details: { reasoning_tokens: 0 }, total_tokens: input + out,
    },
  }
}

function output({ text, calls }: { text?: string; calls: ToolCall[] }, id: string) {
  return [
    ...(text === undefined ? [] : [{
      type: 'message', id: `msg_${id}`, role: 'assistant', status: 'completed',
      content: [{ type: 'output_text', text, annotations: [] }],
    }]),
    ...calls.map(({ name, input }, index) => ({
      type: 'function_call', id: `fc_${id}_${index}`, call_id: `call_${id}_${index}`, name, status: 'completed',
      arguments: JSON.stringify(input),
    })),
  ]
}
