import { TRPCError } from '@trpc/server'
import { and, eq } from 'drizzle-orm'
import { db } from './db.ts'
import { idempotencyKeys } from './schema.ts'

const longestKey = 200

type Tx = Parameters<Parameters<typeof db.transaction>[0]>[0]

interface Caller {
  mentorado: { id: number }
  idempotencyKey: string | null
}

/**
 * Run `work` once per mentorado and key; a repetition gets the answer of the first, also while that one still runs.
 * Key and effect commit together, so a failed attempt leaves neither. Without a key every call runs.
 * `request` tells whether a key is used again for something else. Throws BAD_REQUEST, UNPROCESSABLE_CONTENT.
 */
export async function once<T>({ mentorado, idempotencyKey: key }: Caller, request: unknown, work: (tx: Tx) => Promise<T>) {
  if (!key) return db.transaction(work)
  if (key.length > longestKey) throw new TRPCError({ code: 'BAD_REQUEST', message: 'idempotency-key is too long' })
  const requestHash = new Bun.CryptoHasher('sha256').update(JSON.stringify(request)).digest('hex')
  const same = and(eq(idempotencyKeys.mentoradoId, mentorado.id), eq(idempotencyKeys.key, key))
  return db.transaction(async (tx) => {
    const claim = { mentoradoId: mentorado.id, key, requestHash }
    const { rowCount } = await tx.insert(idempotencyKeys).values(claim).onConflictDoNothing()
    if (rowCount === 0) {
      const [first] = await tx.select().from(idempotencyKeys).where(same)
      if (first!.requestHash !== requestHash)
        throw new TRPCError({ code: 'UNPROCESSABLE_CONTENT', message: 'idempotency-key was used for something else' })
      return first!.response as T
    }
    const response = await work(tx)
    await tx.update(idempotencyKeys).set({ response }).where(same)
    return response
  })
}
