import { sse, textOf, tokensOf, type Wire } from './model.ts'

/** OpenAI Chat Completions. */
export const chat: Wire = {
  protocol: 'chat',
  matches: (path) => /\/chat\/completions$/.test(path),
  streams: (body) => body.stream === true,
  read: (body) => ({
    protocol: 'chat',
    model: body.model,
    text: textOf(body.messages.map((message: any) => [message.content, message.tool_calls])),
    messages: textOf(body.messages.filter(({ role }: any) => role !== 'system').map(({ content }: any) => content)),
    tools: (body.tools ?? []).map(({ function: tool }: any) => ({
      name: tool.name, description: tool.description ?? '', parameters: tool.parameters,
    })),
    body,
  }),
  whole: (step, request, id) => ({
    id: `chatcmpl-${id}`, object: 'chat.completion', created: 0, model: request.model,
    choices: [{
      index: 0, finish_reason: reason(step),
      message: { role: 'assistant', content: step.text ?? null, ...(step.calls.length > 0 && { tool_calls: calls(step, id) }) },
    }],
    usage: usage(step, request.text),
  }),
  events(step, request, id) {
    const chunk = (choices: unknown[], extra = {}) =>
      sse({ id: `chatcmpl-${id}`, object: 'chat.completion.chunk', created: 0, model: request.model, choices, ...extra })
    const part = (delta: object, finish_reason: string | null = null) => chunk([{ index: 0, delta, finish_reason }])
    return [
      part({ role: 'assistant', content: step.text ?? '' }),
      ...calls(step, id).map((call, index) => part({ tool_calls: [{ index, ...call }] })),
      part({}, reason(step)),
      chunk([], { usage: usage(step, request.text) }),
      sse('[DONE]'),
    ]
  },
  error: (_status, message) => ({ error: { message, type: 'server_error', code: null, param: null } }),
}

type Spoken = Parameters<Wire['events']>[0]

const reason = ({ calls }: Spoken) => (calls.length > 0 ? 'tool_calls' : 'stop')

const calls = (step: Spoken, id: string) =>
  step.calls.map(({ name, input }, index) => ({
    id: `call_${id}_${index}`, type: 'function', function: { name, arguments: JSON.stringify(input) },
  }))

function usage(step: Spoken, asked: string) {
  const [prompt_tokens, completion_tokens] = [tokensOf(asked), tokensOf(JSON.stringify(step))]
  return { prompt_tokens, completion_tokens, total_tokens: prompt_tokens + completion_tokens }
}
