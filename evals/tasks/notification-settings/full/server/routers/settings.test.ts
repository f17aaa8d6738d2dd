import { afterAll, beforeAll, expect, test } from 'bun:test'
import { TRPCError } from '@trpc/server'
import { app } from '../app.ts'
import { db, pool } from '../db.ts'
import { mentorados, users } from '../schema.ts'
import { appRouter } from './index.ts'

const initial = { emailEnabled: true, digestHour: 8, timezone: 'America/Sao_Paulo' }

async function customer(name: string) {
  const [user] = await db.insert(users).values({ clerkId: `test_${name}_${Date.now()}`, name }).returning()
  const [mentorado] = await db.insert(mentorados).values({ userId: user!.id, clinic: name }).returning()
  return appRouter.createCaller({ user: user!, mentorado: mentorado! }).settings
}

let ana: Awaited<ReturnType<typeof customer>>
let bia: typeof ana
beforeAll(async () => {
  ana = await customer('ana')
  bia = await customer('bia')
})
afterAll(() => pool.end())

test('who never chose has the defaults', async () => expect(await bia.get()).toEqual(initial))

test('an update changes what it names, for its customer', async () => {
  expect(await ana.update({ digestHour: 0 })).toEqual({ ...initial, digestHour: 0 })
  expect(await ana.update({ emailEnabled: false })).toEqual({ ...initial, digestHour: 0, emailEnabled: false })
  expect(await ana.update({})).toEqual({ ...initial, digestHour: 0, emailEnabled: false })
  expect(await bia.get()).toEqual(initial)
})

test('two updates at once both stay', async () => {
  await Promise.all([ana.update({ digestHour: 21 }), ana.update({ timezone: 'Europe/Lisbon' })])
  expect(await ana.get()).toMatchObject({ digestHour: 21, timezone: 'Europe/Lisbon' })
})

test.each([{ digestHour: 24 }, { digestHour: -1 }, { digestHour: 7.5 }, { timezone: 'Mars/Olympus' }, { timezone: '' }])(
  '%o is refused',
  async (input) => {
    const error = await bia.update(input).catch((caught) => caught)
    expect(error).toBeInstanceOf(TRPCError)
    expect(error.code).toBe('BAD_REQUEST')
    expect(await bia.get()).toEqual(initial)
  },
)

test('who is not signed in is refused', async () => {
  expect((await app.request('/trpc/settings.get')).status).toBe(401)
})
