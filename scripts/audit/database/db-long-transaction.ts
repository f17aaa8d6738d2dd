import type { DatabaseRule } from './rule.ts'

export const rule: DatabaseRule = {
  id: 'db-long-transaction',
  summary: 'a transaction on the live database that is open for more than a minute',
  severity: 'warning',
  why: 'It holds its locks, and vacuum cannot remove a row that died after it began.',
  fix: 'Find who opened it; set idle_in_transaction_session_timeout and move outbound calls out of transactions.',
  operation: 'behaviour change',
  reference: 'runbooks.md#lock-pile-up',
  query: `
    select pid, coalesce(nullif(application_name, ''), 'an unnamed client') as client, state, floor(extract(epoch from now() - xact_start))::int as seconds
    from pg_stat_activity
    where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid() and xact_start < now() - interval '60 seconds'
    order by xact_start`,
  say: ({ pid, client, state, seconds }) => `the transaction of ${client} (pid ${pid}, ${state}) is open for ${seconds} s; find what it waits for`,
}
