-- Touches only card events that nobody works on: pending ones, and leases that have run out.
begin;
set local lock_timeout = '3s';
set local statement_timeout = '30s';

-- Credited before the crash, only not marked: applied again, the money would move twice.
update webhook_events e
set status = 'done', leased_by = null, leased_until = null,
  processed_at = (select min(created_at) from credits c where c.event_id = e.id)
where source = 'stripe' and status = 'processing' and leased_until < now()
  and exists (select from credits c where c.event_id = e.id);

-- Cannot be applied: kept for a person, out of the worker's way.
update webhook_events
set status = 'dead', leased_by = null, leased_until = null, last_error = 'metadata has no mentoradoId; crashes the worker'
where source = 'stripe' and (status = 'pending' or status = 'processing' and leased_until < now())
  and body->>'type' = 'payment_intent.succeeded'
  and coalesce(body#>>'{data,object,metadata,mentoradoId}', '') !~ '^[0-9]+$';

-- Never applied.
update webhook_events
set status = 'pending', leased_by = null, leased_until = null
where source = 'stripe' and status = 'processing' and leased_until < now();
commit;
