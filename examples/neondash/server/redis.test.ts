import { describe, expect, test } from 'bun:test'
import { hasRedis, withRedis } from '../test/start'
import { until } from '../test/webhooks'
import { createLog } from './log'
import { openRedis, subscribe, withinRedis } from './redis'

describe.skipIf(!hasRedis)('a Redis that is away', async () => {
  const redis = await withRedis()

  test('does not hold up the start, and is found when it comes', async () => {
    const lines: string[] = []
    const log = createLog({ write: (line) => lines.push(JSON.parse(line).event) })
    const heard: string[] = []
    await redis.stop()
    const client = await openRedis(redis.url, log)
    const subscriber = { message: (text: string) => heard.push(text), missed: () => heard.push('subscribed') }
    const subscription = await subscribe(client, 'news', log, subscriber)
    expect(lines).toContain('redis_unreachable')
    expect(await withinRedis(client, () => client.ping())).toBeUndefined()

    await redis.start()
    await until(async () => client.connected && heard.length > 0)
    expect(await withinRedis(client, () => client.publish('news', 'hello'))).toBe(1)
    await until(async () => heard.length > 1)
    expect(heard).toEqual(['subscribed', 'hello'])

    await until(async () => lines.includes('redis_connection_back'))
    await redis.stop()
    await until(async () => lines.includes('redis_connection_lost'))
    for (const one of [client, subscription]) one.close()
  }, 15_000)
})
