import { EventEmitter, on } from 'node:events'
import type { RedisClient } from 'bun'
import type { MentoradoId } from '../../shared/contracts'
import type { Lifecycle } from '../lifecycle'
import type { Log } from '../log'
import type { Metrics } from '../metrics'
import { subscribe, withinRedis } from '../redis'

const CHANNEL = 'agenda'

export type AgendaBus = ReturnType<typeof createAgendaBus>

interface Parts {
  redis: RedisClient | null
  log: Log
  metrics: Metrics
  lifecycle: Lifecycle
}

/**
 * Says that a tenant's agenda, or a grant to it, changed, on every instance, and nothing else: streams then read
 * the database, so a message that comes twice is harmless and one that is lost is made up for by the next.
 */
export function createAgendaBus({ redis, log, metrics, lifecycle }: Parts) {
  const streams = new EventEmitter().setMaxListeners(0)
  let listening = false

  const tenants = () => streams.eventNames().filter((name) => name !== 'error') // on() adds that one
  const open = () => tenants().reduce((sum, tenant) => sum + streams.listenerCount(tenant), 0)
  metrics.gauge('neondash.agenda.streams', '1', open)

  async function listen(client: RedisClient) {
    listening = true
    const subscription = await subscribe(client, CHANNEL, log, {
      message: (tenant) => streams.emit(tenant),
      missed: () => tenants().map((tenant) => streams.emit(tenant)),
    })
    lifecycle.onClose('agenda bus', () => subscription.close())
  }

  const wakeHere = (mentoradoId: MentoradoId) => streams.emit(String(mentoradoId))

  return {
    /** For streams of this instance alone. */
    wakeHere,
    /** Call it after the commit. */
    wake(mentoradoId: MentoradoId) {
      wakeHere(mentoradoId)
      void withinRedis(redis, (client) => client.publish(CHANNEL, String(mentoradoId)), 1_000)
    },
    /** Buffers from this call on; ends by `signal` or `return()`. */
    wakes(mentoradoId: MentoradoId, signal: AbortSignal): NodeJS.AsyncIterator<unknown[]> {
      if (redis && !listening) void listen(redis)
      return on(streams, String(mentoradoId), { signal })
    },
    /** Streams of this instance. */
    open,
  }
}
