import { afterAll, expect, test } from 'bun:test'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { folderUpTo, folderWith } from '../../test/migrations'
import { rehearse, type Stage } from '../../test/rehearsal'
import { withDatabase } from '../../test/start'
import { down, status } from './migrate'

/** Rows for the tables and columns that a migration adds; each is loaded twice. */
const loads: Record<string, string> = {
  '0000_first': `
    insert into users (clerk_id, email, role, clerk_updated_at, deleted_at) values
      ('admin', 'a@example.com', 'admin', now(), now()), ('owner', 'o@example.com', 'clinica_owner', now(), null),
      ('staff', 's@example.com', 'clinica_staff', now(), null);
    insert into mentors (user_id) select id from users where role = 'admin';
    insert into mentorados (user_id, mentor_id, turma) select u.id, m.id, '2026' from users u, mentors m where u.clerk_id = 'owner';
    insert into sessions (mentorado_id, mentor_id, starts_at, ends_at)
      select m.id, m.mentor_id, now(), now() + interval '1 hour' from mentorados m;
    insert into leads (mentorado_id, name, email, phone) select id, 'Ana', 'ana@example.com', '1' from mentorados;
    update leads set referred_by_id = id;
    insert into payments (mentorado_id, provider, provider_ref, amount_cents, paid_at)
      select id, 'stripe', 'pi_1', 12345, now() from mentorados;
    insert into integration_events (source, event_id, type, payload, occurred_at, leased_until, last_error, processed_at)
      values ('clerk', 'msg_1', 'user.updated', '{"n": 1}', now(), now(), 'none', now());
    insert into outbox (topic, dedup_key, payload, sent_at) values ('t', 'k', '{}', now());
    insert into job_runs (job, slot, leased_until, finished_at, watermark) values ('digest', now(), now(), now(), 1);
    insert into idempotency_keys (actor_id, key, request_hash, response) select id, 'k', 'h', '{}' from users;
    insert into impersonation_grants (actor_user_id, subject_mentorado_id, reason, expires_at, ended_at)
      select u.id, m.id, 'support', now() + interval '1 hour', now() from users u, mentorados m where u.clerk_id = 'admin';
    insert into audit_log (actor_user_id, subject_mentorado_id, action, target, request_id)
      select actor_user_id, subject_mentorado_id, 'x', 'y', 'z' from impersonation_grants;`,
  '0001_staff_customers_retention': `
    update users set clinic_id = (select id from mentorados) where role = 'clinica_staff';
    update mentorados set stripe_customer_id = 'cus_1';`,
}

const { connect } = await withDatabase()
const client = await connect()
const tags = (await status(client)).map(({ tag }) => tag)
const folders = await Promise.all(tags.map((_, n) => folderUpTo(n + 1)))
afterAll(() => Promise.all(folders.map((folder) => folder[Symbol.asyncDispose]())))
const stages: Stage[] = tags.map((tag, n) => ({
  tag,
  folder: folders[n]!.folder,
  load: loads[tag] ?? 'select 1',
}))

test('each migration goes up, down and up again around rows in every column', async () => {
  await down(client, tags.length)
  expect(stages.length).toBeGreaterThan(0)
  expect(await rehearse(client, stages)).toEqual([])
  const { rows } = await client.query('select clerk_id from users where clinic_id is not null')
  expect(rows).toEqual([{ clerk_id: 'staff' }])
}, 30_000)

const faulty: [title: string, up: string, back: string, load: string, problem: string][] = [
  [
    'a way back that forgets a column',
    'alter table leads add column if not exists x int, add column if not exists y int;',
    'alter table leads drop column x;',
    'update leads set x = 1, y = 1',
    'extra: down leaves another shape',
  ],
  [
    'a way back that loses what was there',
    'alter table leads rename column phone to tel;',
    'alter table leads drop column tel; alter table leads add column phone text;',
    'select 1',
    'extra: down changes rows',
  ],
  [
    'a new column without rows',
    'alter table leads add column x int;',
    'alter table leads drop column x;',
    'select 1',
    'extra: no row fills leads.x',
  ],
]
test.each(faulty)(
  'notices %s',
  async (_, statements, back, load, problem) => {
    await using extra = await folderWith(statements)
    const { when } = (await status(client, extra.folder)).at(-1)!
    const row = `delete from drizzle.__drizzle_migrations where created_at = ${when};`
    await writeFile(join(extra.folder, 'down/extra.sql'), `${back} ${row}`)
    await client.query('drop schema public, drizzle cascade; create schema public')
    const problems = await rehearse(client, [...stages, { tag: 'extra', folder: extra.folder, load }])
    expect(problems).toEqual([problem])
  },
  30_000,
)
