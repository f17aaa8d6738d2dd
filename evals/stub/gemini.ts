import { sse, textOf, tokensOf, type ModelRequest, type Wire } from './model.ts'

/** Gemini generateContent. */
export const gemini: Wire = {
  protocol: 'gemini',
  matches: (path) => /:(stream)?[gG]enerateContent/.test(path),
  streams: (_body, path) => path.includes(':streamGenerateContent'),
  read: (body, path) => ({
    protocol: 'gemini',
    model: /models\/([^:]+):/.exec(path)?.[1] ?? '',
    text: textOf([body.systemInstruction, body.contents]),
    messages: textOf(body.contents),
    tools: (body.tools ?? []).flatMap(({ functionDeclarations = [] }: any) => functionDeclarations.map((tool: any) => ({
      name: tool.name, description: tool.description ?? '', parameters: tool.parametersJsonSchema ?? tool.parameters,
    }))),
    body,
  }),
  whole: (step, request) => answer(step, request),
  events: (step, request) => [sse(answer(step, request))],
  error: (status, message) => ({ error: { code: status, message, status: status === 429 ? 'RESOURCE_EXHAUSTED' : 'INTERNAL' } }),
}

function answer({ text, calls }: Parameters<Wire['events']>[0], request: ModelRequest) {
  const parts = [
    ...(text === undefined ? [] : [{ text }]),
    ...calls.map(({ name, input }) => ({ functionCall: { name, args: input } })),
  ]
  const [promptTokenCount, candidatesTokenCount] = [tokensOf(request.text), tokensOf(JSON.stringify(parts))]
  return {
    candidates: [{ content: { role: 'model', parts }, finishReason: 'STOP', index: 0 }],
    usageMetadata: { promptTokenCount, candidatesTokenCount, totalTokenCount: promptTokenCount + candidatesTokenCount },
    modelVersion: request.model,
  }
}
