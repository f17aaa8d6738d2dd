import { afterAll, beforeAll, expect, test } from 'vitest'
import { startEmbedded, type Server } from '../core/postgres.ts'
import { casesFor, schemaOf, type Way } from './cases.ts'
import { measureWay, type Measured } from './measure.ts'

const rows = 3_000
const cases = new Map(casesFor(1_500, 300).map((one) => [one.id, one]))
let server: Server
beforeAll(async () => {
  server = await startEmbedded(schemaOf(rows))
}, 60_000)
afterAll(async () => server.stop(), 30_000)

const measure = (way: Way) => measureWay({ server, template: server.template, rows }, way)
async function both(id: string): Promise<Measured[]> {
  const measured: Measured[] = []
  for (const way of cases.get(id)!.ways) measured.push(await measure(way))
  return measured
}

const strongest: [id: string, direct: Measured['locks'], advised?: Measured['locks']][] = [
  ['add-nullable', { leads: 'AccessExclusiveLock' }],
  ['add-constant', { leads: 'AccessExclusiveLock' }],
  ['add-volatile', { leads: 'AccessExclusiveLock' }, { leads: 'AccessExclusiveLock' }],
  ['not-null', { leads: 'AccessExclusiveLock' }, { leads: 'AccessExclusiveLock' }],
  ['foreign-key', { leads: 'ShareRowExclusiveLock', mentorados: 'ShareRowExclusiveLock' }, {
    leads: 'ShareRowExclusiveLock', mentorados: 'ShareRowExclusiveLock',
  }],
  ['type', { leads: 'AccessExclusiveLock' }, { leads: 'AccessExclusiveLock' }],
  ['drop-column', { leads: 'AccessExclusiveLock' }],
]
test.each(strongest)('%s holds its locks', async (id, ...locks) => {
  expect((await both(id)).map((measured) => measured.locks)).toEqual(locks)
})

test('an index blocks writers directly, and nobody concurrently', async () => {
  const [direct, concurrently] = await both('index')
  expect(direct!.locks).toEqual({ leads: 'ShareLock' })
  expect([undefined, 'ShareUpdateExclusiveLock']).toContain(concurrently!.locks.leads) // it may end between two looks
})

test('a backfill never holds more than row locks', async () => {
  const modes = (await both('backfill')).map(({ locks }) => locks.leads)
  expect(modes[0]).toBe('RowExclusiveLock')
  expect([undefined, 'RowExclusiveLock']).toContain(modes[1])
})

test('behind an open transaction, lock_timeout ends the pile-up and the change is tried again', async () => {
  const [endless, bounded] = await both('pile-up')
  expect(endless!.retries).toBe(0)
  expect(bounded!.retries).toBeGreaterThan(0)
  for (const who of ['readers', 'writers'] as const) expect(endless![who]).toBeGreaterThan(bounded![who])
})

test('a change that fails is an error, and so is traffic that fails', async () => {
  await expect(measure({ title: 'x', steps: ['alter table absent add column x int'] })).rejects.toThrow(
    'relation "absent" does not exist',
  )
  await expect(measure({ title: 'x', steps: ['alter table leads rename column name to label', 'select pg_sleep(0.2)'] }))
    .rejects.toThrow('column "name" does not exist')
})
