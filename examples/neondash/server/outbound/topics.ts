import { eq } from 'drizzle-orm'
import { z } from 'zod'
import { mentorados, payments, users } from '../../drizzle/schema'
import { MentoradoId } from '../../shared/contracts'
import type { SessionSource } from '../auth/accounts'
import type { Queries, Tx } from '../db/client'
import type { Deps } from '../deps'
import { createMailProvider, type MailProvider } from './mail-provider'
import { createPaymentsProvider, type PaymentsProvider } from './payments-provider'
import type { KeyedCall } from './provider'

/**
 * Delivers one message under its key. What it returns runs in the transaction that marks the message as sent.
 * It parses the payload itself: a row that an older version wrote may have another shape.
 */
export type Topic = (payload: unknown, by: KeyedCall) => Promise<((tx: Tx) => Promise<unknown>) | undefined>
/** By topic; a process claims only the topics it has here. */
export type Topics = Record<string, Topic>

const NewCharge = z.object({ mentoradoId: MentoradoId, amountCents: z.int().positive() })
const SessionChange = z.object({ clerkId: z.string(), version: z.int() })
const Digest = z.object({ mentoradoId: MentoradoId, day: z.iso.date(), sessions: z.int(), leads: z.int() })

/** Everything that this backend sends. */
export function createTopics(deps: Pick<Deps, 'db' | 'env' | 'log' | 'metrics' | 'sessionSource'>): Topics {
  const { db, env, sessionSource } = deps
  const topics: Topics = {
    'charge.create': chargeTopic(createPaymentsProvider(deps)),
    'session.changed': sessionTopic(sessionSource),
  }
  if (env.MAIL_API_KEY) topics['digest.daily'] = digestTopic(db, createMailProvider(deps, env.MAIL_API_KEY))
  return topics
}

// #region charge-topic
/** Creates the charge at the provider, then its row: an answer that got lost is asked for again by the same key. */
export function chargeTopic(provider: PaymentsProvider): Topic {
  return async (payload, by) => {
    const { mentoradoId, amountCents } = NewCharge.parse(payload)
    const { providerRef } = await provider.createCharge({ mentoradoId, amountCents }, by)
    const row = { mentoradoId, amountCents, provider: 'stripe', providerRef }
    return (tx) => tx.insert(payments).values(row).onConflictDoNothing()
  }
}
// #endregion

// #region session-topic
/** A message exists only after its commit, and is tried again until every instance could hear of the change. */
export function sessionTopic(sessions: Pick<SessionSource, 'invalidate'>): Topic {
  return async (payload) => {
    const { clerkId, version } = SessionChange.parse(payload)
    await sessions.invalidate(clerkId, version)
    return undefined
  }
}
// #endregion

/** Mails a digest. The address is read now: the payload is older, and holds no personal data. */
export function digestTopic(db: Queries, provider: MailProvider): Topic {
  return async (payload, by) => {
    const { mentoradoId, day, sessions, leads } = Digest.parse(payload)
    const [recipient] = await db
      .select({ email: users.email, deletedAt: users.deletedAt })
      .from(mentorados)
      .innerJoin(users, eq(users.id, mentorados.userId))
      .where(eq(mentorados.id, mentoradoId))
    if (!recipient || recipient.deletedAt) return
    const text = `Sessões hoje: ${sessions}\nNovos leads ontem: ${leads}\n`
    await provider.sendMail({ to: recipient.email, subject: `Seu dia ${day}`, text }, by)
  }
}
