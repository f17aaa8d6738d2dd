import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { anthropic } from './anthropic.ts'
import { chat } from './chat.ts'
import { gemini } from './gemini.ts'
import type { ModelRequest, Script, Step, Wire } from './model.ts'
import { responses } from './responses.ts'

const wires = [anthropic, responses, chat, gemini]

export interface StubModel {
  /** Without a path; each client adds its own. */
  url: string
  /** Requests that offered tools, in order: the turns of the conversation. */
  turns: ModelRequest[]
  /** Requests without tools, such as the ones for a title. */
  sideQuestions: ModelRequest[]
  /** Paths that were asked and that no protocol serves. */
  unknown: string[]
  stop(): Promise<void>
}

/**
 * A model server on loopback that speaks Anthropic Messages, OpenAI Responses, OpenAI Chat Completions and
 * Gemini, and answers as `script` says. When the script is at its end it says "done".
 */
export async function startStubModel(script: Script): Promise<StubModel> {
  const model: Omit<StubModel, 'url' | 'stop'> = { turns: [], sideQuestions: [], unknown: [] }
  const decide = typeof script === 'function' ? script : (_: ModelRequest, turn: number): Step => script[turn] ?? { text: 'done' }
  let answers = 0
  const server = createServer((request, response) => {
    serve(request, response).catch((error) => response.destroy(error))
  })
  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let raw = ''
    for await (const chunk of request) raw += chunk
    const path = request.url!.split('?')[0]!
    const wire = wires.find((one) => one.matches(path))
    if (!wire || request.method !== 'POST') {
      if (request.method === 'POST') model.unknown.push(path)
      response.writeHead(request.method === 'HEAD' ? 200 : 404, { 'content-type': 'application/json' }).end('{}')
      return
    }
    const body = JSON.parse(raw)
    const asked = wire.read(body, path)
    const isTurn = asked.tools.length > 0
    const step = isTurn ? decide(asked, model.turns.length) : { text: '{}' }
    ;(isTurn ? model.turns : model.sideQuestions).push(asked)
    write(response, wire, step, asked, wire.streams(body, path), String(++answers))
  }
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    ...model,
    url: `http://127.0.0.1:${port}`,
    async stop() {
      server.close()
      server.closeAllConnections()
      await once(server, 'close')
    },
  }
}

function write(
  response: ServerResponse, wire: Wire, step: Step, asked: ModelRequest, streams: boolean, id: string,
): void {
  if (step === 'hang') return
  if ('status' in step) {
    response.writeHead(step.status, { 'content-type': 'application/json' })
    response.end(JSON.stringify(wire.error(step.status, step.message)))
    return
  }
  if ('cut' in step && !streams) {
    response.destroy()
    return
  }
  const spoken = 'cut' in step ? { text: step.cut, calls: [] } : { text: step.text, calls: step.calls ?? [] }
  if (!streams) {
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(wire.whole(spoken, asked, id)))
    return
  }
  response.writeHead(200, { 'content-type': 'text/event-stream' })
  const events = wire.events(spoken, asked, id)
  if ('cut' in step) {
    response.write(events[0]!, () => response.destroy())
    return
  }
  response.end(events.join(''))
}
