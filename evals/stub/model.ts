export const protocols = ['anthropic', 'responses', 'chat', 'gemini'] as const
export type Protocol = (typeof protocols)[number]

/** What a client asked the model, the same for every protocol. */
export interface ModelRequest {
  protocol: Protocol
  model: string
  /** Everything the model is shown as text: instructions, messages, tool results. */
  text: string
  /** The user's and the client's turns only, without instructions. */
  messages: string
  tools: { name: string; description: string; parameters: unknown }[]
  body: unknown
}

export interface ToolCall {
  name: string
  input: Record<string, unknown>
}

/**
 * What the model does next: say something, call tools, fail with an HTTP status, begin an answer and cut
 * the connection, or never answer.
 */
export type Step =
  | { text: string; calls?: ToolCall[] }
  | { text?: undefined; calls: ToolCall[] }
  | { status: number; message: string }
  | { cut: string }
  | 'hang'

/** Decides the step for the `turn`th request (from 0) that offers tools; others are side questions. */
export type Script = Step[] | ((request: ModelRequest, turn: number) => Step)

/** How one protocol reads a request and writes a step. */
export interface Wire {
  protocol: Protocol
  /** Whether a request to this path asks the model. */
  matches(path: string): boolean
  read(body: any, path: string): ModelRequest
  /** The events of an answer, each one already in the protocol's form. */
  events(step: { text?: string; calls: ToolCall[] }, request: ModelRequest, id: string): string[]
  /** The same answer where the client does not stream. */
  whole(step: { text?: string; calls: ToolCall[] }, request: ModelRequest, id: string): unknown
  streams(body: any, path: string): boolean
  error(status: number, message: string): unknown
}

/** Tokens that the stub reports for a text: characters by four, as an estimate that is the same everywhere. */
export const tokensOf = (text: string): number => Math.ceil(text.length / 4)

/** All strings of a value in order, joined: the text a model is shown, whatever the nesting. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value)) return value.map(textOf).filter(Boolean).join('\n')
  if (value !== null && typeof value === 'object') return Object.values(value).map(textOf).filter(Boolean).join('\n')
  return ''
}

/** A server-sent event. */
export const sse = (data: unknown, event?: string): string =>
  `${event ? `event: ${event}\n` : ''}data: ${typeof data === 'string' ? data : JSON.stringify(data)}\n\n`
