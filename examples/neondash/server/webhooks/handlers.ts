import type { Tx } from '../db/client'
import { removeUser, syncUser } from './clerk'
import type { InboxEvent } from './inbox'
import { promoteOwner, recordPayment } from './stripe'

/** Runs in the transaction that marks the event done; writes only through `tx`. */
export type Handler = (tx: Tx, event: InboxEvent) => Promise<unknown>

/** Events without a handler are stored and done. */
export const handlers: Record<string, Handler> = {
  'clerk:user.created': syncUser,
  'clerk:user.updated': syncUser,
  'clerk:user.deleted': removeUser,
  'stripe:payment_intent.succeeded': recordPayment,
  'stripe:customer.subscription.updated': promoteOwner,
}
