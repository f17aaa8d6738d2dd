-- The NeonDash tables that SQL fences in references/ run against, with enough rows to be realistic.
create extension if not exists pg_stat_statements;

create type user_role as enum ('admin', 'mentor', 'mentorado', 'clinica_owner', 'clinica_staff', 'pending');

create table users (
  id bigint generated always as identity primary key,
  clerk_id text not null unique,
  email text not null,
  role user_role not null default 'pending',
  clerk_updated_at timestamptz,
  deleted_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);

create table mentors (
  id bigint generated always as identity primary key,
  user_id bigint not null unique references users (id)
);

create table mentorados (
  id bigint generated always as identity primary key,
  user_id bigint not null unique references users (id),
  mentor_id bigint references mentors (id),
  turma text,
  goals jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now()
);
create index mentorados_mentor_id_idx on mentorados (mentor_id);

create table sessions (
  id bigint generated always as identity primary key,
  mentorado_id bigint not null references mentorados (id),
  mentor_id bigint not null references mentors (id),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  status text not null default 'scheduled' check (status in ('scheduled', 'done', 'cancelled')),
  check (ends_at > starts_at)
);
create index sessions_mentorado_id_starts_at_idx on sessions (mentorado_id, starts_at desc);
create index sessions_mentor_id_idx on sessions (mentor_id);

create table leads (
  id bigint generated always as identity primary key,
  mentorado_id bigint not null references mentorados (id),
  referred_by_id bigint references leads (id),
  name text not null,
  email text,
  phone text,
  stage text not null default 'new',
  ativo boolean not null default true,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  unique (mentorado_id, email)
);
create index leads_mentorado_id_created_at_idx on leads (mentorado_id, created_at desc, id desc);
create index leads_referred_by_id_idx on leads (referred_by_id);

create table payments (
  id bigint generated always as identity primary key,
  mentorado_id bigint not null references mentorados (id),
  provider text not null,
  provider_ref text not null,
  amount_cents bigint not null check (amount_cents >= 0),
  currency char(3) not null default 'BRL',
  status text not null default 'pending',
  paid_at timestamptz,
  created_at timestamptz not null default now(),
  unique (provider, provider_ref)
);
create index payments_mentorado_id_created_at_idx on payments (mentorado_id, created_at desc);

create table integration_events (
  id bigint generated always as identity primary key,
  source text not null,
  event_id text not null,
  type text not null,
  payload jsonb not null,
  occurred_at timestamptz,
  received_at timestamptz not null default now(),
  status text not null default 'pending' check (status in ('pending', 'processing', 'done', 'dead')),
  attempts int not null default 0,
  next_attempt_at timestamptz not null default now(),
  leased_until timestamptz,
  last_error text,
  processed_at timestamptz,
  unique (source, event_id)
);
create index integration_events_due_idx on integration_events (next_attempt_at) where status in ('pending', 'processing');
create index integration_events_dead_idx on integration_events (source, type) where status = 'dead';

create table outbox (
  id bigint generated always as identity primary key,
  topic text not null,
  dedup_key text not null unique,
  payload jsonb not null,
  attempts int not null default 0,
  next_attempt_at timestamptz not null default now(),
  sent_at timestamptz,
  created_at timestamptz not null default now()
);
create index outbox_due_idx on outbox (next_attempt_at) where sent_at is null;

create table job_runs (
  job text not null,
  slot timestamptz not null,
  status text not null default 'running' check (status in ('running', 'done', 'failed')),
  started_at timestamptz not null default now(),
  leased_until timestamptz not null,
  finished_at timestamptz,
  watermark bigint,
  primary key (job, slot)
);

create table idempotency_keys (
  actor_id bigint not null references users (id),
  key text not null,
  request_hash text not null,
  response jsonb,
  created_at timestamptz not null default now(),
  primary key (actor_id, key)
);

create table impersonation_grants (
  id uuid primary key default gen_random_uuid(),
  actor_user_id bigint not null references users (id),
  subject_mentorado_id bigint not null references mentorados (id),
  reason text not null,
  can_write boolean not null default false,
  started_at timestamptz not null default now(),
  expires_at timestamptz not null,
  ended_at timestamptz,
  check (expires_at > started_at)
);
create index impersonation_grants_actor_idx on impersonation_grants (actor_user_id, expires_at);
create index impersonation_grants_subject_idx on impersonation_grants (subject_mentorado_id);

create table audit_log (
  id bigint generated always as identity primary key,
  actor_user_id bigint not null references users (id),
  subject_mentorado_id bigint references mentorados (id),
  action text not null,
  target text,
  request_id text,
  detail jsonb not null default '{}',
  at timestamptz not null default now()
);
create index audit_log_actor_at_idx on audit_log (actor_user_id, at desc);
create index audit_log_subject_at_idx on audit_log (subject_mentorado_id, at desc);

insert into users (clerk_id, email, role)
select 'user_' || n, 'user' || n || '@example.com',
  (case when n = 1 then 'admin' when n <= 6 then 'mentor' when n <= 206 then 'mentorado' else 'pending' end)::user_role
from generate_series(1, 220) as n;
insert into mentors (user_id) select id from users where role = 'mentor';
insert into mentorados (user_id, mentor_id, turma)
select id, 1 + id % 5, 'turma-' || id % 4 from users where role = 'mentorado';
insert into sessions (mentorado_id, mentor_id, starts_at, ends_at)
select 1 + n % 200, 1 + n % 5, now() + n * interval '1 hour', now() + n * interval '1 hour' + interval '50 minutes'
from generate_series(1, 2000) as n;
insert into leads (mentorado_id, name, email, created_at)
select 1 + n % 200, 'Lead ' || n, 'lead' || n || '@example.com', now() - n * interval '1 minute'
from generate_series(1, 20000) as n;
update leads set referred_by_id = id - 1 where id % 10 = 0;
insert into payments (mentorado_id, provider, provider_ref, amount_cents, status, paid_at)
select 1 + n % 200, 'stripe', 'pi_' || n, 10000 + n, case when n % 3 = 0 then 'pending' else 'paid' end,
  case when n % 3 = 0 then null else now() - n * interval '1 hour' end
from generate_series(1, 2000) as n;
insert into integration_events (source, event_id, type, payload, occurred_at, received_at, status, attempts, processed_at)
select 'clerk', 'msg_' || n, 'user.updated', jsonb_build_object('n', n), now() - n * interval '1 minute',
  now() - n * interval '1 minute', case when n % 50 = 0 then 'dead' when n % 20 = 0 then 'pending' else 'done' end,
  case when n % 50 = 0 then 8 else 1 end, case when n % 20 = 0 then null else now() end
from generate_series(1, 1000) as n;
insert into job_runs (job, slot, status, leased_until, finished_at, watermark)
select 'daily-digest', date_trunc('day', now()) - n * interval '1 day', 'done', now(), now(), n from generate_series(0, 6) as n;
insert into impersonation_grants (actor_user_id, subject_mentorado_id, reason, expires_at)
values (2, 1, 'support call', now() + interval '30 minutes');
insert into audit_log (actor_user_id, subject_mentorado_id, action, request_id) values (2, 1, 'impersonation.start', 'req_1');
analyze;
