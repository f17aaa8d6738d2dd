import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { bus } from './bus.ts'
import { createContext } from './context.ts'

export const events = new Hono().get('/', async (c) => {
  const { mentorado } = await createContext(c.req.raw)
  if (!mentorado) return c.json({ error: 'unauthorized' }, 401)
  return streamSSE(c, async (stream) => {
    bus.on('lead', ({ mentoradoId, lead }) => {
      if (mentoradoId !== mentorado.id) return
      void stream.writeSSE({ event: 'lead', id: String(lead.id), data: JSON.stringify(lead) })
    })
    while (!stream.aborted) {
      await stream.sleep(5_000)
      await stream.writeSSE({ event: 'ping', data: '' })
    }
  })
})
