import { and, eq, sql } from 'drizzle-orm'
import type { z } from 'zod'
import { auditLog, idempotencyKeys as keys } from '../../drizzle/schema'
import { AppError } from '../../shared/errors'
import type { Actor, Subject } from '../auth/context'
import type { Tx } from '../db/client'
import type { Context } from './init'

interface Call<I> {
  ctx: Pick<Context, 'db' | 'requestId'> & { actor: Actor; subject: Subject | null }
  path: string
  input: I & { key: string }
}

// #region once
/** Runs `work` once per actor and key, in one transaction; a retry gets the first answer. */
export async function once<I extends object, S extends z.ZodType>(
  { ctx: { db, actor, subject, requestId }, path, input: { key, ...request } }: Call<I>,
  output: S,
  work: (tx: Tx, request: Omit<I, 'key'>) => Promise<z.input<S>>,
): Promise<z.output<S>> {
  const parts = JSON.stringify([path, subject?.mentoradoId, request])
  const requestHash = new Bun.CryptoHasher('sha256').update(parts).digest('hex')
  const mine = and(eq(keys.actorId, actor.userId), eq(keys.key, key))
  return db.transaction(async (tx) => {
    await tx.execute(sql`set local lock_timeout = '3s'`) // the insert waits for a rival's commit
    const claim = { actorId: actor.userId, key, requestHash }
    const [claimed] = await tx.insert(keys).values(claim).onConflictDoNothing().returning({ key: keys.key })
    if (!claimed) {
      const [seen] = await tx.select().from(keys).where(mine)
      if (seen?.requestHash !== requestHash)
        throw new AppError('UNPROCESSABLE_CONTENT', 'Key reused with other input')
      return output.parse(seen.response)
    }
    const response = output.parse(await work(tx, request)) // a throw rolls back the claim too
    await tx.update(keys).set({ response }).where(mine)
    if (subject?.grantId)
      await tx.insert(auditLog).values({
        actorUserId: actor.userId,
        subjectMentoradoId: subject.mentoradoId,
        action: path,
        target: subject.grantId,
        requestId,
      })
    return response
  })
}
// #endregion
