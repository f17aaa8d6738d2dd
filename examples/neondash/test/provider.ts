import { afterAll } from 'bun:test'

interface Call {
  method: string
  path: string
  key: string | null
  body: string
}
type Answer = (call: Call) => Response | Promise<Response>

/** An answer without meaning but its status. */
export const status = (code: number, headers?: Record<string, string>) => () =>
  new Response('oops', { status: code, headers })

/** No answer, ever. */
export const hang = () => new Promise<Response>(() => {})

/** A provider on a real port: it remembers idempotency keys as Stripe and Resend do, and fails as a test asks. */
export function startProvider() {
  const calls: Call[] = []
  const effects = new Map<string, object>()
  let script: Answer[] = []

  /** Every key has one effect; a call without a key always has one. */
  const succeed: Answer = ({ key, body }) => {
    const id = key ?? crypto.randomUUID()
    const amount = Number(new URLSearchParams(body).get('amount') ?? 0)
    const effect = effects.get(id) ?? { id: `pi_${effects.size + 1}`, amount, status: 'requires_action' }
    effects.set(id, effect)
    return Response.json(effect)
  }

  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    idleTimeout: 0,
    async fetch(request) {
      const call = {
        method: request.method,
        path: new URL(request.url).pathname,
        key: request.headers.get('idempotency-key'),
        body: await request.text(),
      }
      calls.push(call)
      return (script.shift() ?? succeed)(call)
    },
  })
  afterAll(() => server.stop(true))

  return {
    url: server.url.href.slice(0, -1),
    calls,
    effects,
    succeed,
    /** What the coming calls get, one each; then the provider works again. */
    script(...answers: Answer[]) {
      calls.length = 0
      effects.clear()
      script = answers
    },
  }
}
