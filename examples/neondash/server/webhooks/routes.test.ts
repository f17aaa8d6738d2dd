import { expect, test } from 'bun:test'
import { sql } from 'drizzle-orm'
import { testDeps, testVariables, withDatabase } from '../../test/start'
import {
  clerkDelivery,
  type Delivery,
  paymentSucceeded,
  stripeDelivery,
  userEvent,
} from '../../test/webhooks'
import { createApp } from '../app'
import { openDatabase } from '../db/client'
import { parseEnv } from '../env'
import { createLog } from '../log'
import { STORED } from './worker'

const { db, env } = await withDatabase()
const created = userEvent('user.created', 'user_1', 'ana@example.com', 1_795_000_000_123)
const paid = paymentSucceeded('pi_1', 1, 12_345)
const sixMinutesAgo = new Date(Date.now() - 6 * 60_000)

async function send({ path, init }: Delivery, deps = testDeps({ db })) {
  return createApp(deps).request(path, init)
}

async function rows() {
  const stored = await db.query.integrationEvents.findMany({ orderBy: (t) => t.id })
  return stored
}

test('a signed event is stored and nothing else happens in its request', async () => {
  const response = await send(clerkDelivery(created, { id: 'msg_1' }))
  expect(response.status).toBe(204)
  expect(await rows()).toMatchObject([
    {
      source: 'clerk',
      eventId: 'msg_1',
      type: 'user.created',
      status: 'pending',
      attempts: 0,
      occurredAt: new Date(created.timestamp),
    },
  ])
  expect(await db.query.users.findMany()).toEqual([])
})

test("Stripe's event is stored under its own id", async () => {
  expect((await send(await stripeDelivery(paid))).status).toBe(204)
  const stored = (await rows()).find(({ source }) => source === 'stripe')
  expect(stored).toMatchObject({
    eventId: 'evt_pi_1',
    type: paid.type,
    payload: paid,
    occurredAt: new Date(paid.created * 1000),
  })
  expect(await db.query.payments.findMany()).toEqual([])
})

test('the bytes are what is signed: escapes, 1.0 and spaces stay as sent', async () => {
  const body =
    '{ "type":"user.updated", "data" : {"id":"user_2","first_name":"Zo\\u00eb","score":1.0},  "timestamp":1795000000123}'
  expect((await send(clerkDelivery(body, { id: 'msg_unusual' }))).status).toBe(204)
  const stripe =
    '{"id":"evt_unusual","object":"event","type":"charge.updated","created":1.795e9,"data":{"n":1.0,"s":"\\u00eb\\/"}}'
  expect((await send(await stripeDelivery(stripe))).status).toBe(204)
  const stored = await rows()
  expect(stored.find(({ eventId }) => eventId === 'msg_unusual')?.payload).toMatchObject({
    data: { first_name: 'Zoë', score: 1 },
  })
  expect(stored.find(({ eventId }) => eventId === 'evt_unusual')?.payload).toMatchObject({
    data: { s: 'ë/' },
  })
})

test('characters that jsonb refuses do not block their event', async () => {
  const body =
    '{"type":"user.updated","timestamp":1,"data":{"a\\u0000":"\\u0000 \\\\u0000 \\ud83d\\ude00 \\ud83d"}}'
  expect((await send(clerkDelivery(body, { id: 'msg_nul' }))).status).toBe(204)
  const stored = (await rows()).find(({ eventId }) => eventId === 'msg_nul')
  expect(stored?.payload).toMatchObject({ data: { 'a\ufffd': '\ufffd \\u0000 😀 \ufffd' } })
})

test('nor do they in the names that are kept as text', async () => {
  const body = '{"id":"evt_nul","object":"event","type":"odd\\u0000\\ud83d","created":1,"data":{}}'
  expect((await send(await stripeDelivery(body))).status).toBe(204)
  expect(await rows()).toContainEqual(expect.objectContaining({ type: 'odd\ufffd\ufffd' }))
})

const forged: Record<string, Delivery> = {
  'Clerk, body changed': tampered(clerkDelivery(created)),
  'Clerk, same values in other bytes': respaced(clerkDelivery(created)),
  'Clerk, wrong secret': clerkDelivery(created, { secret: `whsec_${btoa('another secret')}` }),
  'Clerk, six minutes old': clerkDelivery(created, { at: sixMinutesAgo }),
  'Clerk, no signature': without(clerkDelivery(created), 'svix-signature'),
  'Clerk, no id': without(clerkDelivery(created), 'svix-id'),
  'Clerk, id of another message': withHeader(clerkDelivery(created), 'svix-id', 'msg_other'),
  'Stripe, body changed': tampered(await stripeDelivery(paid)),
  'Stripe, same values in other bytes': respaced(await stripeDelivery(paid)),
  'Stripe, wrong secret': await stripeDelivery(paid, { secret: 'whsec_other' }),
  'Stripe, six minutes old': await stripeDelivery(paid, { at: sixMinutesAgo }),
  'Stripe, no signature': without(await stripeDelivery(paid), 'stripe-signature'),
}
for (const [name, delivery] of Object.entries(forged))
  test(`refused: ${name}`, async () => {
    const before = await rows()
    const deps = testDeps({ db })
    const response = await send(delivery, deps)
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({
      error: { code: 'BAD_REQUEST', message: 'Invalid signature' },
    })
    expect(await rows()).toEqual(before)
    expect(deps.lines).toContainEqual(
      expect.objectContaining({ event: 'webhook_refused', cause: expect.any(String) }),
    )
  })

test('without a secret nothing starts, and nothing passes', async () => {
  for (const name of ['CLERK_WEBHOOK_SIGNING_SECRET', 'STRIPE_WEBHOOK_SECRET'])
    expect(parseEnv({ ...testVariables, [name]: '' }).problems).toEqual([`${name}: missing`])
  const before = await rows()
  const deps = testDeps({ db })
  const open = { ...deps, env: { ...deps.env, CLERK_WEBHOOK_SIGNING_SECRET: '', STRIPE_WEBHOOK_SECRET: '' } }
  expect((await send(clerkDelivery(created), { ...open, lines: [] })).status).toBe(400)
  for (const secret of ['whsec_local', ' '])
    expect((await send(await stripeDelivery(paid, { secret }), { ...open, lines: [] })).status).toBe(400)
  expect(await rows()).toEqual(before)
})

test('five deliveries at once and one later: 2xx for each, one row, one nudge', async () => {
  const deps = testDeps({ db })
  let nudges = 0
  deps.signals.addEventListener(STORED, () => nudges++)
  const deliveries = Array.from({ length: 5 }, () => send(clerkDelivery(created, { id: 'msg_five' }), deps))
  expect((await Promise.all(deliveries)).map(({ status }) => status)).toEqual([204, 204, 204, 204, 204])
  const retry = clerkDelivery(created, { id: 'msg_five', at: new Date(Date.now() + 60_000) })
  expect((await send(retry, deps)).status).toBe(204)
  expect((await rows()).filter(({ eventId }) => eventId === 'msg_five')).toHaveLength(1)
  expect(nudges).toBe(1)
  const received = deps.metrics.counter('neondash.webhook.received')
  expect(received.get({ source: 'clerk', outcome: 'duplicate' })).toBe(5)
})

test('what could not be stored is not acknowledged', async () => {
  const away = await openDatabase(
    { ...env, DATABASE_URL: 'postgres://app:local@127.0.0.1:1/absent_test' },
    createLog({ level: 'error' }),
  )
  const response = await send(clerkDelivery(created), testDeps({ db: away.db }))
  expect(response.status).toBeGreaterThanOrEqual(500)
  await away.close()
})

test('an event without a time is kept', async () => {
  const { timestamp: _, ...timeless } = created
  expect((await send(clerkDelivery(timeless, { id: 'msg_timeless' }))).status).toBe(204)
  const {
    rows: [row],
  } = await db.execute(sql`select occurred_at from integration_events where event_id = 'msg_timeless'`)
  expect(row).toEqual({ occurred_at: null })
})

function tampered({ path, init }: Delivery): Delivery {
  return { path, init: { ...init, body: init.body.replace('1', '2') } }
}

function respaced({ path, init }: Delivery): Delivery {
  return { path, init: { ...init, body: JSON.stringify(JSON.parse(init.body), null, 1) } }
}

function without({ path, init }: Delivery, name: string): Delivery {
  const { [name]: _, ...headers } = init.headers
  return { path, init: { ...init, headers } }
}

function withHeader({ path, init }: Delivery, name: string, value: string): Delivery {
  return { path, init: { ...init, headers: { ...init.headers, [name]: value } } }
}
