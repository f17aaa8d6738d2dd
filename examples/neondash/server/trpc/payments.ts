import { z } from 'zod'
import { IdempotencyKey, PageInput, Payment, pageOf } from '../../shared/contracts'
import { createPaymentService } from '../services/payments'
import { once } from './idempotency'
import { inPersonOnly, moduleProcedure, router } from './init'

const financeiro = moduleProcedure('financeiro')

export const payments = router({
  list: financeiro
    .input(PageInput)
    .output(pageOf(Payment))
    .query(({ ctx, input }) => createPaymentService(ctx.db).list(ctx.mentoradoId, input)),

  cancel: financeiro
    .use(inPersonOnly)
    .input(z.object({ key: IdempotencyKey, id: z.int() }))
    .output(Payment)
    .mutation((call) =>
      once(call, Payment, (tx, { id }) => createPaymentService(tx).cancel(call.ctx.mentoradoId, id)),
    ),
})
