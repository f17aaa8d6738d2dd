import { RedisClient } from 'bun'
import type { Log } from './log'

const CONNECT_MS = 2_000
const RETRY_MS = 1_000

/** A client that fails at once while Redis is away, instead of queueing, and comes back by itself. */
export async function openRedis(url: string, log: Log): Promise<RedisClient> {
  const client = new RedisClient(url, {
    enableOfflineQueue: false,
    autoReconnect: true,
    maxRetries: 1_000_000,
    connectionTimeout: CONNECT_MS,
  })
  // While Redis is away `connect` goes on trying: a start must not wait for that.
  await Promise.race([client.connect().catch(() => {}), Bun.sleep(CONNECT_MS)])
  if (!client.connected) log.warn({ event: 'redis_unreachable' })
  tellChanges(client, log)
  return client
}

/** Bun calls `onclose` only when the client itself is closed, not for an outage that it retries through. */
function tellChanges(client: RedisClient, log: Log) {
  let was = client.connected
  const watch = setInterval(() => {
    if (client.connected === was) return
    was = client.connected
    log.warn({ event: was ? 'redis_connection_back' : 'redis_connection_lost' })
  }, RETRY_MS)
  watch.unref()
  client.onclose = () => clearInterval(watch)
}

/** `undefined` when Redis is off, away or slower than `ms`: the caller goes on without it. */
export async function withinRedis<T>(
  redis: RedisClient | null,
  use: (redis: RedisClient) => Promise<T>,
  ms = 50,
): Promise<T | undefined> {
  if (!redis?.connected) return undefined
  const late = Bun.sleep(ms).then(() => undefined)
  return Promise.race([use(redis).catch(() => undefined), late])
}

interface Subscriber {
  message(text: string): unknown
  /** Subscribed, at first or again: messages may have been lost before. */
  missed(): unknown
}

// #region subscribe
/** On a connection of its own. Bun reconnects it, but does not subscribe again, and never drops a callback. */
export async function subscribe(
  redis: RedisClient,
  channel: string,
  log: Log,
  { message, missed }: Subscriber,
) {
  const own = await redis.duplicate()
  let connection = 0
  async function listen() {
    const current = ++connection
    await own.subscribe(channel, (text) => {
      if (current === connection) receive(text)
    })
    missed()
  }
  function receive(text: string) {
    try {
      message(text)
    } catch (error) {
      log.warn({ event: 'redis_message_refused', topic: channel, error })
    }
  }
  function failed(error: unknown) {
    log.warn({ event: 'redis_subscription_failed', topic: channel, error })
    if (own.connected) setTimeout(() => void listen().catch(failed), RETRY_MS).unref()
  }
  own.onconnect = () => void listen().catch(failed)
  if (own.connected) await listen().catch(failed)
  else void own.connect().catch(failed)
  return own
}
// #endregion
