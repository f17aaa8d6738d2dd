import { describe, expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { outbox, payments } from '../../drizzle/schema'
import { withOutbox } from '../../test/outbox'
import { status } from '../../test/provider'
import { until } from '../../test/webhooks'
import { dispatch, MAX_ATTEMPTS, startDispatcher } from './outbox'

const { db, provider, deps, ana, current, charge, rows, makeDue } = await withOutbox()

const waitOf = async () => {
  const [row] = await db
    .select({ seconds: sql`extract(epoch from ${outbox.nextAttemptAt} - now())`.mapWith(Number) })
    .from(outbox)
  return row!.seconds
}

describe('a message', () => {
  test('is sent under its key, and what it returns is recorded with the mark', async () => {
    await db.insert(outbox).values(charge('charge:1'))
    expect(await dispatch(deps, current.topics)).toBe(1)
    expect(await rows()).toMatchObject([{ attempts: 1, sentAt: expect.any(Date) }])
    expect(provider.calls).toMatchObject([{ path: '/v1/payment_intents', key: 'charge:1' }])
    expect(Object.fromEntries(new URLSearchParams(provider.calls[0]!.body))).toMatchObject({
      amount: '1990',
      currency: 'brl',
    })
    expect(await db.select().from(payments)).toMatchObject([
      { providerRef: 'pi_1', amountCents: 1_990, mentoradoId: ana.mentoradoId },
    ])
    expect(await dispatch(deps, current.topics)).toBe(0)
  })

  test('that is not due, or whose topic this version does not know, waits', async () => {
    await db.insert(outbox).values([
      { ...charge('later'), nextAttemptAt: sql`now() + interval '1 minute'` },
      { ...charge('unknown'), topic: 'from.a.newer.version' as never },
    ])
    expect(await dispatch(deps, current.topics)).toBe(0)
    expect((await rows()).map((row) => row.attempts)).toEqual([0, 0])
  })

  test('that fails comes back later with the same key, and the lines carry its request id', async () => {
    await db.insert(outbox).values(charge('charge:2'))
    provider.script(status(500))
    await dispatch(deps, current.topics)
    expect(await waitOf()).toBeWithin(2, 6)
    expect(deps.lines).toMatchObject([
      { event: 'outbox_postponed', requestId: 'req-7', key: 'charge:2', attempt: 1 },
    ])
    await makeDue()
    await dispatch(deps, current.topics)
    expect(provider.calls.map(({ key }) => key)).toEqual(['charge:2', 'charge:2'])
    expect(await rows()).toMatchObject([{ attempts: 2, sentAt: expect.any(Date) }])
  })

  test('waits at least as long as the provider asks', async () => {
    await db.insert(outbox).values(charge('charge:3'))
    provider.script(status(429, { 'retry-after': '600' }))
    await dispatch(deps, current.topics)
    expect(await waitOf()).toBeWithin(598, 602)
  })

  for (const [name, answer, payload] of [
    ['refused', status(400), {}],
    ['declined', status(402), {}],
    ['of another shape', undefined, { amountCents: 'much' }],
  ] as const)
    test(`that is ${name} is given up at once, loudly`, async () => {
      await db.insert(outbox).values(charge('charge:4', payload))
      provider.script(...(answer ? [answer] : []))
      await dispatch(deps, current.topics)
      await makeDue()
      expect(await dispatch(deps, current.topics)).toBe(0)
      expect(await rows()).toMatchObject([{ attempts: MAX_ATTEMPTS, sentAt: null }])
      expect(deps.lines).toMatchObject([{ event: 'outbox_gave_up', level: 'error', requestId: 'req-7' }])
    })

  test('that failed for the last time is given up, and counts as dead', async () => {
    await db.insert(outbox).values({ ...charge('charge:5'), attempts: MAX_ATTEMPTS - 1 })
    provider.script(status(503))
    const dispatcher = startDispatcher(deps, current.topics, 10)
    await until(async () => (await rows())[0]?.attempts === MAX_ATTEMPTS && deps.lines.length > 0)
    await dispatcher.stop()
    expect(deps.lines).toMatchObject([{ event: 'outbox_gave_up', attempt: MAX_ATTEMPTS }])
    await db.insert(outbox).values({ ...charge('new'), createdAt: sql`now() - interval '90 seconds'` })
    const text = await deps.metrics.text()
    expect(text).toContain('outbox_dead 1')
    expect(text).toContain('outbox_depth 1')
    expect(text).toMatch(/outbox_oldest_seconds 9\d\./)
  })
})
