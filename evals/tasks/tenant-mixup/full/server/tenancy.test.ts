import { afterAll, beforeAll, expect, test } from 'bun:test'
import { db, pool } from './db.ts'
import { appRouter } from './routers/index.ts'
import { leads, mentorados, payments, users } from './schema.ts'

const clinics = ['North', 'South']
const callers: ReturnType<typeof appRouter.createCaller>[] = []

beforeAll(async () => {
  for (const name of clinics) {
    const [user] = await db.insert(users).values({ clerkId: `test_${name}_${Date.now()}`, name }).returning()
    const [mentorado] = await db.insert(mentorados).values({ userId: user!.id, clinic: name }).returning()
    callers.push(appRouter.createCaller({ user: user!, mentorado: mentorado! }))
    const mine = Array.from({ length: clinics.indexOf(name) + 1 }, () => ({ mentoradoId: mentorado!.id, name, email: 'a@example.com' }))
    await db.insert(leads).values(mine)
    await db.insert(payments).values({
      mentoradoId: mentorado!.id, stripeId: `pi_${name}_${Date.now()}`, amountCents: clinics.indexOf(name), status: 'succeeded',
    })
  }
})
afterAll(() => pool.end())

/** Both customers at once, many times. */
const together = <T>(call: (caller: (typeof callers)[number], index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: 60 }, (_, n) => call(callers[n % 2]!, n % 2)))

test('customers who ask at the same time get their own leads', () =>
  together(async (caller, index) => {
    const names = (await caller.leads.list()).map(({ name }) => name)
    expect(names).toEqual(Array(index + 1).fill(clinics[index]))
  }))

test('customers who ask at the same time get their own payments', () =>
  together(async (caller, index) => {
    expect((await caller.payments.list()).map(({ amountCents }) => amountCents)).toEqual([index])
  }))

test('totals are not shared', () =>
  together(async (caller, index) => expect((await caller.leads.stats()).total).toBe(index + 1)))

test('a lead belongs to the customer who created it', async () => {
  const created = await together(async (caller, index) => ({
    index, ...(await caller.leads.create({ name: 'New', email: 'new@example.com' })),
  }))
  for (const [index, caller] of callers.entries()) {
    const ids = (await caller.leads.list()).map(({ id }) => id)
    for (const lead of created) expect(ids.includes(lead.id)).toBe(lead.index === index)
  }
})
