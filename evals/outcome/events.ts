import type { Backend } from './process.ts'

export interface StreamEvent {
  event: string
  id?: string
  data: string
}

export interface EventStream {
  status: number
  headers: Headers
  events: StreamEvent[]
  /** When bytes arrived, of events and comments, in ms since the epoch. */
  bytesAt: number[]
  /** How it ended, undefined while it is open. */
  ended: () => 'closed' | 'broken' | undefined
  close(): void
}

/**
 * Open server-sent events and collect what arrives. Rejects when no headers came within `limit` ms:
 * a browser shows such a stream as still connecting.
 */
export async function openEvents(backend: Backend, path: string, headers: Record<string, string>, limit = 15_000): Promise<EventStream> {
  const abort = new AbortController()
  const timer = setTimeout(() => abort.abort(new Error(`no headers within ${limit / 1000} s`)), limit)
  const response = await backend.fetch(path, { headers: { accept: 'text/event-stream', ...headers }, signal: abort.signal })
  clearTimeout(timer)
  let end: 'closed' | 'broken' | undefined
  const stream: EventStream = {
    status: response.status, headers: response.headers, events: [], bytesAt: [],
    ended: () => end,
    close: () => abort.abort(),
  }
  void read(response, stream).then(() => (end = 'closed'), () => (end = 'broken'))
  return stream
}

async function read(response: Response, { events, bytesAt }: EventStream): Promise<void> {
  let text = ''
  const decoder = new TextDecoder()
  for await (const chunk of response.body ?? []) {
    bytesAt.push(Date.now())
    text += decoder.decode(chunk as Uint8Array, { stream: true })
    const frames = text.replaceAll('\r\n', '\n').split('\n\n')
    text = frames.pop()!
    for (const frame of frames) {
      const event = parse(frame)
      if (event) events.push(event)
    }
  }
}

/** A frame as an event; undefined for one of comments only. */
function parse(frame: string): StreamEvent | undefined {
  const fields = new Map<string, string>()
  for (const line of frame.split('\n')) {
    const [, name, value] = /^([^:]+):? ?(.*)$/.exec(line) ?? []
    if (name) fields.set(name, fields.has(name) ? `${fields.get(name)}\n${value}` : value!)
  }
  if (!fields.has('data') && !fields.has('event')) return undefined
  const id = fields.get('id')
  return { event: fields.get('event') ?? 'message', data: fields.get('data') ?? '', ...(id !== undefined && { id }) }
}
