/** One way to make a change: each step is a transaction of its own, unless PostgreSQL forbids one. */
export interface Way {
  title: string
  steps: string[]
  /** `lock_timeout` of the session; a step that meets it is tried again. */
  lockTimeoutMs?: number
  /** For how long another session keeps a transaction open that has read `leads`, in ms. */
  openReaderMs?: number
}

export interface Case {
  id: string
  change: string
  /** The direct way first, then the one that the references advise. */
  ways: Way[]
}

/** Tables and rows: `leads` with `rows` rows below 1,000 `mentorados`. */
export function schemaOf(rows: number): string {
  return `
    create table mentorados (id bigint generated always as identity primary key, turma text);
    insert into mentorados (turma) select 'turma-' || n % 4 from generate_series(1, 1000) n;
    create table leads (
      id bigint generated always as identity primary key,
      mentorado_id bigint not null,
      name text not null,
      email text,
      stage text not null default 'New',
      score int not null default 0,
      created_at timestamptz not null default now(),
      updated_at timestamptz not null default now()
    );
    insert into leads (mentorado_id, name, email, score, created_at)
    select 1 + n % 1000, 'Lead ' || n, n || '@example.com', n % 100, now() - n * interval '1 second'
    from generate_series(1, ${rows}) n;
    analyze;`
}

const batches = (assignment: string) => `do $$
declare last bigint := 0;
begin
  while last is not null loop
    with batch as (select id from leads where id > last order by id limit 1000), done as (
      update leads l set ${assignment} from batch b where l.id = b.id
    )
    select max(id) into last from batch;
    commit;
  end loop;
end $$`

const fk = 'alter table leads add constraint leads_fk foreign key (mentorado_id) references mentorados (id)'
const addNullable = 'alter table leads add column channel text'

/** `openReaderMs` is how long the reader of the pile-up stays, `lockTimeoutMs` how long the change waits for it. */
export function casesFor(openReaderMs: number, lockTimeoutMs: number): Case[] {
  return [
    { id: 'none', change: 'no change (traffic alone)', ways: [{ title: '5 s', steps: ['select pg_sleep(5)'] }] },
    { id: 'add-nullable', change: 'add column', ways: [{ title: 'nullable', steps: [addNullable] }] },
    {
      id: 'add-constant', change: 'add column',
      ways: [{ title: 'constant default', steps: ['alter table leads add column consent boolean not null default false'] }],
    },
    {
      id: 'add-volatile', change: 'add `gen_random_uuid()` default',
      ways: [
        { title: 'direct', steps: ['alter table leads add column token uuid not null default gen_random_uuid()'] },
        {
          title: 'nullable, default, batches',
          steps: [
            'alter table leads add column token uuid',
            'alter table leads alter column token set default gen_random_uuid()',
            batches('token = gen_random_uuid()'),
          ],
        },
      ],
    },
    {
      id: 'not-null', change: 'set not null',
      ways: [
        { title: 'direct', steps: ['alter table leads alter column email set not null'] },
        {
          title: 'validated check first',
          steps: [
            'alter table leads add constraint leads_email_set check (email is not null) not valid',
            'alter table leads validate constraint leads_email_set',
            'alter table leads alter column email set not null',
            'alter table leads drop constraint leads_email_set',
          ],
        },
      ],
    },
    {
      id: 'foreign-key', change: 'add FK',
      ways: [
        { title: 'direct', steps: [fk] },
        { title: '`not valid`, validate', steps: [`${fk} not valid`, 'alter table leads validate constraint leads_fk'] },
      ],
    },
    {
      id: 'index', change: 'create index',
      ways: [
        { title: 'direct', steps: ['create index leads_page on leads (mentorado_id, created_at, id)'] },
        { title: '`concurrently`', steps: ['create index concurrently leads_page on leads (mentorado_id, created_at, id)'] },
      ],
    },
    {
      id: 'type', change: '`int→bigint`',
      ways: [
        { title: 'direct', steps: ['alter table leads alter column score type bigint'] },
        {
          title: 'new column, batches',
          steps: ['alter table leads add column score_big bigint', batches('score_big = score')],
        },
      ],
    },
    {
      id: 'backfill', change: 'backfill',
      ways: [
        { title: 'one `update`', steps: ['update leads set stage = lower(stage)'] },
        { title: 'batches of 1,000', steps: [batches('stage = lower(stage)')] },
      ],
    },
    { id: 'drop-column', change: 'drop column', ways: [{ title: 'direct', steps: ['alter table leads drop column score'] }] },
    {
      id: 'pile-up', change: `add column behind an open transaction of ${openReaderMs / 1_000} s`,
      ways: [
        { title: 'no `lock_timeout`', steps: [addNullable], openReaderMs },
        { title: `\`lock_timeout\` ${lockTimeoutMs / 1_000} s, retry`, steps: [addNullable], openReaderMs, lockTimeoutMs },
      ],
    },
  ]
}
