import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { subjectFor } from '../auth/context'
import type { AppEnv, Deps } from '../deps'
import { agendaEvents, GrantEnded, startAfter } from './events'

// #region agenda-stream
/** The agenda for clients without tRPC. Open it first, then load the list: nothing falls in between. */
export function agendaRoutes(deps: Deps, { pingMs = 3_000, maxAgeMs = 15 * 60_000 } = {}) {
  return new Hono<AppEnv>().get('/stream', async (c) => {
    const subject = await subjectFor('agenda', deps, c)
    const seen = await startAfter(deps, subject, c.req.header('last-event-id'))
    const ends = [c.req.raw.signal, deps.lifecycle.draining, AbortSignal.timeout(maxAgeMs)]
    const signal = AbortSignal.any(ends)
    c.header('x-accel-buffering', 'no')
    return streamSSE(c, async (stream) => {
      const ping = () => stream.write(': ping\n\n')
      const beat = setInterval(ping, pingMs)
      try {
        await ping() // Bun sends the headers with the first byte
        for await (const event of agendaEvents(deps, subject, seen, signal))
          await stream.writeSSE({ id: String(event.id), event: event.type, data: JSON.stringify(event) })
      } catch (error) {
        if (!signal.aborted && !(error instanceof GrantEnded))
          c.get('log').error({ event: 'sse_failed', error })
      } finally {
        clearInterval(beat)
      }
    })
  })
}
// #endregion
