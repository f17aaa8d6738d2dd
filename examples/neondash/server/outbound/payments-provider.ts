import { z } from 'zod'
import type { MentoradoId } from '../../shared/contracts'
import { AppError } from '../../shared/errors'
import type { Deps } from '../deps'
import { createProvider, type KeyedCall } from './provider'
import { ProviderError } from './provider-error'

export type PaymentsProvider = ReturnType<typeof createPaymentsProvider>

interface NewCharge {
  mentoradoId: MentoradoId
  amountCents: number
}

// #region payments-adapter
/** Only what this backend reads: a field that the provider adds must not break it. */
const PaymentIntent = z.object({
  id: z.string().startsWith('pi_'),
  amount: z.int(),
  status: z.string(),
  next_action: z.object({ pix_display_qr_code: z.object({ data: z.string() }) }).nullish(),
})

/** Pix charges at Stripe, over plain HTTP. */
export function createPaymentsProvider({ env, log, metrics }: Pick<Deps, 'env' | 'log' | 'metrics'>) {
  const headers = { authorization: `Bearer ${env.STRIPE_SECRET_KEY}` }
  const call = createProvider({ name: 'stripe', baseUrl: env.PAYMENTS_URL, headers, log, metrics })

  return {
    /** The same key gives the same charge, however often it is called. */
    async createCharge({ mentoradoId, amountCents }: NewCharge, { idempotencyKey, ...by }: KeyedCall) {
      const body = new URLSearchParams({
        amount: String(amountCents),
        currency: 'brl',
        confirm: 'true',
        'payment_method_types[0]': 'pix',
        'payment_method_data[type]': 'pix',
        'metadata[mentoradoId]': String(mentoradoId),
      })
      const request = {
        operation: 'charge.create',
        method: 'POST',
        path: '/v1/payment_intents',
        body,
        idempotencyKey,
      } as const
      const intent = await call(request, PaymentIntent, by).catch((error) => {
        throw wasDeclined(error)
          ? new AppError('UNPROCESSABLE_CONTENT', 'The payment was declined', { cause: error })
          : error
      })
      return {
        providerRef: intent.id,
        amountCents: intent.amount,
        pixCode: intent.next_action?.pix_display_qr_code.data,
      }
    },
  }
}

function wasDeclined(error: unknown): boolean {
  return error instanceof ProviderError && error.status === 402
}
// #endregion
