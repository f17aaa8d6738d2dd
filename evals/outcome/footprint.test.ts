import { expect, it } from 'vitest'
import { watchFootprint } from './footprint.ts'
import type { Rig } from './rig.ts'

/** A database of one table whose rows the test changes. */
function rigOf(rows: object[]): Rig {
  const sql = async (text: string) =>
    text.includes('pg_tables') ? [{ name: 'public.t' }] : rows.map((row) => ({ row, text: JSON.stringify(row) }))
  return { sql } as unknown as Rig
}

async function footprintOf(name: string, ...added: object[]): Promise<string> {
  const rows: object[] = [{ id: 1, name: 'Before' }]
  const footprint = await watchFootprint(rigOf(rows))
  rows.push(...added)
  return footprint([name])
}

it('sees no difference in ids, times and names', async () => {
  const first = await footprintOf('Ana', { id: 2, name: 'Ana', body: { text: 'New lead: Ana' }, at: '2026-11-23T03:10:00Z' })
  expect(first).toBe(await footprintOf('Bea', { id: 9, name: 'Bea', body: { text: 'New lead: Bea' }, at: '2026-11-24T04:00:00Z' }))
  expect(first).not.toContain('Before')
})

it('sees another status, a missing value and another row', async () => {
  const sent = await footprintOf('Ana', { id: 2, status: 'sent', at: '2026-11-23' })
  expect(await footprintOf('Ana', { id: 3, status: 'pending', at: '2026-11-23' })).not.toBe(sent)
  expect(await footprintOf('Ana', { id: 3, status: 'sent', at: null })).not.toBe(sent)
  expect(await footprintOf('Ana', { id: 3, status: 'sent', at: '2026-11-23' }, { id: 4 })).not.toBe(sent)
})
