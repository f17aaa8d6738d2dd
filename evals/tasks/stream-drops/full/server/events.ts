import { and, asc, eq, gt } from 'drizzle-orm'
import { Hono } from 'hono'
import { streamSSE } from 'hono/streaming'
import { bus, type LeadCreated } from './bus.ts'
import { createContext } from './context.ts'
import { db } from './db.ts'
import { shutdown } from './lifecycle.ts'
import { leads } from './schema.ts'

const PING_MS = 4_000
const PAGE = 500

/** Leads of a mentorado after lead `id`, oldest first, one page. */
function leadsAfter(id: number, mentoradoId: number) {
  return db
    .select({ id: leads.id, name: leads.name, email: leads.email, status: leads.status })
    .from(leads)
    .where(and(eq(leads.mentoradoId, mentoradoId), gt(leads.id, id)))
    .orderBy(asc(leads.id))
    .limit(PAGE)
}

export const events = new Hono().get('/', async (c) => {
  const { mentorado } = await createContext(c.req.raw)
  if (!mentorado) return c.json({ error: 'unauthorized' }, 401)
  const header = c.req.header('last-event-id') ?? ''
  const lastSeen = /^\d{1,9}$/.test(header) ? Number(header) : undefined
  const ended = AbortSignal.any([c.req.raw.signal, shutdown.signal])
  c.header('x-accel-buffering', 'no')

  return streamSSE(c, async (stream) => {
    const send = (lead: LeadCreated['lead']) =>
      stream.writeSSE({ event: 'lead', id: String(lead.id), data: JSON.stringify(lead) })
    const waiting: LeadCreated['lead'][] = []
    let replaying = true
    const listener = ({ mentoradoId, lead }: LeadCreated) => {
      if (mentoradoId !== mentorado.id) return
      if (replaying) waiting.push(lead)
      else void send(lead)
    }
    const ping = () => void stream.write(': ping\n\n')
    // Listening starts before the replay: what is created meanwhile waits.
    bus.on('lead', listener)
    const beat = setInterval(ping, PING_MS)
    try {
      ping()
      for (let seen = lastSeen; seen !== undefined && !ended.aborted; ) {
        const page = await leadsAfter(seen, mentorado.id)
        for (const lead of page) await send(lead)
        seen = page.length === PAGE ? page.at(-1)!.id : undefined
      }
      for (const lead of waiting) await send(lead)
      replaying = false
      if (!ended.aborted) await new Promise((resolve) => ended.addEventListener('abort', resolve, { once: true }))
    } finally {
      clearInterval(beat)
      bus.off('lead', listener)
    }
  })
})
