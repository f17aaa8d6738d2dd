import { expect, test } from 'bun:test'
import { eq } from 'drizzle-orm'
import { outbox } from '../../drizzle/schema'
import { addMentorado } from '../../test/programme'
import { withDatabase } from '../../test/start'
import type { Tx } from '../db/client'
import { createLeadService } from './leads'

const { db } = await withDatabase()
const { mentoradoId } = await addMentorado(db, 'mentorado')

// #region rolled-back
async function rolledBack(work: (tx: Tx) => Promise<void>) {
  const undo = Symbol()
  const end = db.transaction(async (tx) => {
    await work(tx)
    throw undo
  })
  expect(await end.catch((error) => error)).toBe(undo) // a failed `work` fails the test
}

test('an e-mail is taken once, and announced once', () =>
  rolledBack(async (tx) => {
    const ana = { name: 'Ana', email: 'ana@example.com' }
    const { id } = await createLeadService(tx).create(mentoradoId, ana)
    await expect(createLeadService(tx).create(mentoradoId, ana)).rejects.toThrow('A lead has this e-mail')
    expect(await tx.$count(outbox, eq(outbox.dedupKey, `lead.created:${id}`))).toBe(1)
  }))
// #endregion

test('nothing of it stays', async () => {
  expect(await db.$count(outbox)).toBe(0)
})
