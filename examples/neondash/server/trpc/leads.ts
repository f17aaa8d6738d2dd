import { z } from 'zod'
import { IdempotencyKey, Lead, NewLead, PageInput, pageOf } from '../../shared/contracts'
import { createLeadService } from '../services/leads'
import { once } from './idempotency'
import { inPersonOnly, moduleProcedure, router } from './init'

const crm = moduleProcedure('crm')
const key = IdempotencyKey
const id = z.int()

// #region router
export const leads = router({
  list: crm
    .input(PageInput)
    .output(pageOf(Lead))
    .query(({ ctx, input }) => createLeadService(ctx.db).list(ctx.mentoradoId, input)),

  byId: crm
    .input(z.object({ id }))
    .output(Lead)
    .query(({ ctx, input }) => createLeadService(ctx.db).byId(ctx.mentoradoId, input.id)),

  create: crm
    .input(NewLead.extend({ key }))
    .output(Lead)
    .mutation((call) =>
      once(call, Lead, (tx, lead) => createLeadService(tx).create(call.ctx.mentoradoId, lead)),
    ),
  // #endregion

  move: crm
    .input(z.object({ key, id, stage: z.string().min(1).max(50) }))
    .output(Lead)
    .mutation((call) =>
      once(call, Lead, (tx, { id, stage }) => createLeadService(tx).move(call.ctx.mentoradoId, id, stage)),
    ),

  archive: crm
    .use(inPersonOnly)
    .input(z.object({ key, id }))
    .output(Lead)
    .mutation((call) =>
      once(call, Lead, (tx, { id }) => createLeadService(tx).archive(call.ctx.mentoradoId, id)),
    ),
})
