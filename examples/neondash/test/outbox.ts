import { beforeEach } from 'bun:test'
import { sql } from 'drizzle-orm'
import { outbox, payments } from '../drizzle/schema'
import { createTopics, type Topics } from '../server/outbound/topics'
import type { TopicName } from '../shared/contracts'
import { addMentor, addMentorado } from './programme'
import { startProvider } from './provider'
import { testDeps, withDatabase } from './start'

/** An outbox with senders for a provider on a real port. Ana is the mentorado of whom messages tell. */
export async function withOutbox() {
  const database = await withDatabase()
  const { db } = database
  const provider = startProvider()
  const env = {
    PAYMENTS_URL: provider.url,
    CLERK_API_URL: provider.url,
    MAIL_URL: provider.url,
    MAIL_API_KEY: 're_local',
  }
  const deps = testDeps({ db, env })
  const mentor = await addMentor(db, 'mentor')
  const ana = await addMentorado(db, 'ana', { mentorId: mentor.mentorId })
  const current: { topics: Topics } = { topics: createTopics(deps) }

  beforeEach(async () => {
    await db.delete(outbox)
    await db.delete(payments)
    provider.script()
    deps.lines.length = 0
    // A circuit of its own for each test.
    current.topics = createTopics({ ...deps, metrics: testDeps({ db }).metrics })
  })

  return {
    ...database,
    provider,
    providerEnv: env,
    deps,
    mentor,
    ana,
    current,
    message: (topic: TopicName, dedupKey: string, payload: object) => ({ topic, dedupKey, payload }),
    charge: (dedupKey: string, payload: object = {}) => ({
      topic: 'charge.create' as const,
      dedupKey,
      payload: { mentoradoId: ana.mentoradoId, amountCents: 1_990, requestId: 'req-7', ...payload },
    }),
    rows: () => db.select().from(outbox).orderBy(outbox.id),
    makeDue: () => db.update(outbox).set({ nextAttemptAt: sql`now() - interval '1 second'` }),
  }
}
