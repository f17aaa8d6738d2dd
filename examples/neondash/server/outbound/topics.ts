import { z } from 'zod'
import { payments } from '../../drizzle/schema'
import { MentoradoId, type TopicName } from '../../shared/contracts'
import type { SessionSource } from '../auth/accounts'
import type { Tx } from '../db/client'
import type { Deps } from '../deps'
import { createClerkProvider } from './clerk-provider'
import { metadataTopic } from './clerk-topic'
import { createMailProvider } from './mail-provider'
import { digestTopic, leadTopic, receiptTopic } from './mail-topics'
import { createPaymentsProvider, type PaymentsProvider } from './payments-provider'
import type { KeyedCall } from './provider'

/**
 * Delivers one message under its key. What it returns runs in the transaction that marks the message as sent.
 * It parses the payload itself: a row that an older version wrote may have another shape.
 */
export type Topic = (payload: unknown, by: KeyedCall) => Promise<((tx: Tx) => Promise<unknown>) | undefined>
/** A topic without a sender does not compile. The table may hold topics of a newer version: nobody here claims them. */
export type Topics = Record<TopicName, Topic>

const NewCharge = z.object({ mentoradoId: MentoradoId, amountCents: z.int().positive() })
const SessionChange = z.object({ clerkId: z.string(), version: z.int() })

/** Everything that this backend sends. */
export function createTopics(deps: Pick<Deps, 'db' | 'env' | 'log' | 'metrics' | 'sessionSource'>): Topics {
  const { db, sessionSource } = deps
  const mail = createMailProvider(deps)
  return {
    'charge.create': chargeTopic(createPaymentsProvider(deps)),
    'clerk.metadata': metadataTopic(db, createClerkProvider(deps)),
    'digest.daily': digestTopic(db, mail),
    'lead.created': leadTopic(db, mail),
    'payment.paid': receiptTopic(db, mail),
    'session.changed': sessionTopic(sessionSource),
  }
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
