import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm'
import { db } from './db.ts'
import { MessageError, sendMessage } from './messages.ts'
import { outbox } from './schema.ts'

const MAX_ATTEMPTS = 10
const LEASE = sql`now() + interval '6 seconds'`

/** Claims due messages for longer than an attempt lasts: what a killed process held comes due again. */
async function claim() {
  const due = db
    .select({ id: outbox.id })
    .from(outbox)
    .where(and(eq(outbox.status, 'pending'), lte(outbox.dueAt, sql`now()`)))
    .orderBy(asc(outbox.dueAt))
    .limit(20)
    .for('update', { skipLocked: true })
  return db
    .update(outbox)
    .set({ dueAt: LEASE, attempts: sql`${outbox.attempts} + 1` })
    .where(inArray(outbox.id, due))
    .returning()
}

async function send({ id, recipient, text, attempts }: typeof outbox.$inferSelect) {
  const mine = and(eq(outbox.id, id), eq(outbox.attempts, attempts), eq(outbox.status, 'pending'))
  try {
    await sendMessage(recipient, text, id)
    await db.update(outbox).set({ status: 'sent', error: null }).where(mine)
  } catch (error) {
    const { retry = true, waitMs = 0, message } = error as MessageError
    const dead = !retry || attempts >= MAX_ATTEMPTS
    const backoff = Math.min(1000 * 2 ** (attempts - 1), 600_000) * (0.5 + Math.random() / 2)
    console.error(JSON.stringify({ event: dead ? 'message_dead' : 'message_failed', id, attempts, error: message }))
    await db
      .update(outbox)
      .set({
        status: dead ? 'dead' : 'pending',
        dueAt: sql`now() + make_interval(secs => ${(waitMs + backoff) / 1000})`,
        error: message.slice(0, 200),
      })
      .where(mine)
  }
}

/** Send stored messages for as long as the process lives; several processes may do so. */
export async function work() {
  for (;;) {
    const messages = await claim().catch((error) => {
      console.error(JSON.stringify({ event: 'outbox_unavailable', error: String(error) }))
      return []
    })
    await Promise.all(messages.map((message) => send(message).catch(() => {})))
    if (messages.length === 0) await Bun.sleep(200)
  }
}
