import { createHmac, randomUUID } from 'node:crypto'

export const webhookSecret = 'whsec_task'

export interface PaymentEvent {
  id: string
  /** Id of the payment intent. */
  intent: string
  type: string
  /** Seconds since the epoch. */
  created: number
  body: string
}

export interface PaymentFields {
  /** Id of the payment intent. */
  intent?: string
  mentoradoId?: number | string
  /** In cents. */
  amount?: number
  /** Seconds since the epoch; now when left out. */
  created?: number
  id?: string
  description?: string
}

/** A `payment_intent.<status>` event as Stripe sends it. */
export function paymentEvent(status: string, fields: PaymentFields = {}): PaymentEvent {
  const id = fields.id ?? `evt_${randomUUID().replaceAll('-', '')}`
  const created = fields.created ?? Math.floor(Date.now() / 1000)
  const intent = {
    id: fields.intent ?? `pi_${randomUUID().replaceAll('-', '')}`,
    object: 'payment_intent', amount: fields.amount ?? 12_300, currency: 'brl', status,
    description: fields.description ?? null,
    metadata: fields.mentoradoId === undefined ? {} : { mentoradoId: String(fields.mentoradoId) },
  }
  const type = `payment_intent.${status}`
  // Stripe sends its JSON indented: a handler that verifies a re-serialised body refuses it.
  const body = JSON.stringify({ id, object: 'event', api_version: '2025-08-27.basil', created, type, data: { object: intent } }, null, 2)
  return { id, intent: intent.id, type, created, body }
}

/** Header that Stripe signs `body` with; `at` in seconds since the epoch. */
export function signature(body: string, secret = webhookSecret, at = Math.floor(Date.now() / 1000)): string {
  return `t=${at},v1=${createHmac('sha256', secret).update(`${at}.${body}`).digest('hex')}`
}

/** Request of a signed delivery; other `headers` override. */
export function delivery({ body }: { body: string }, headers: Record<string, string> = {}): RequestInit {
  return {
    method: 'POST', body,
    headers: { 'content-type': 'application/json', 'stripe-signature': signature(body), ...headers },
  }
}
