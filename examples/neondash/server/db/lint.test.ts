import { expect, test } from 'bun:test'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dir, '../..')
const squawk = join(root, '../../node_modules/.bin/squawk')

async function lint(...args: string[]) {
  const child = Bun.spawn([squawk, '--reporter', 'json', ...args], {
    cwd: root,
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
  const found: { line: number; rule_name: string }[] = out ? JSON.parse(out) : []
  return { rules: found.map((one) => `${one.line + 1} ${one.rule_name}`), err: err.trim(), code }
}

/** What squawk finds in a migration of these statements, under the settings of this folder. */
async function lintOf(...statements: string[]) {
  const folder = await mkdtemp(join(tmpdir(), 'neondash-lint-'))
  try {
    const path = join(folder, '0001_x.sql')
    await writeFile(path, statements.join('--> statement-breakpoint\n'))
    return await lint(path)
  } finally {
    await rm(folder, { recursive: true })
  }
}

test('the migrations and the ways back are clean', async () => {
  expect(await lint('drizzle/*.sql')).toEqual({ rules: [], err: '', code: 0 })
  expect(await lint('--config', 'drizzle/down/.squawk.toml', 'drizzle/down/*.sql')).toMatchObject({
    rules: [],
    code: 0,
  })
})

test('no file at all is a failure', async () => {
  expect(await lint('drizzle/absent/*.sql')).toMatchObject({ code: 1 })
})

const unsafe: [statement: string, rule: string][] = [
  ['alter table leads add column channel text not null;', 'adding-required-field'],
  ['alter table leads add column token uuid default gen_random_uuid();', 'adding-field-with-default'],
  ['alter table leads alter column email set not null;', 'adding-not-nullable-field'],
  ['alter table leads alter column stage set data type varchar(10);', 'changing-column-type'],
  ['alter table leads add constraint c check (stage <> $$x$$);', 'constraint-missing-not-valid'],
  [
    'alter table leads add constraint f foreign key (a) references users (id);',
    'adding-foreign-key-constraint',
  ],
  ['create index leads_stage_idx on leads (stage);', 'require-concurrent-index-creation'],
  [
    'create index concurrently if not exists leads_stage_idx on leads (stage);',
    'ban-concurrent-index-creation-in-transaction',
  ],
  ['alter table leads drop column phone;', 'ban-drop-column'],
  ['alter table leads rename column phone to tel;', 'renaming-column'],
]
test.each(unsafe)('%s', async (statement, rule) => {
  const { rules, code } = await lintOf('select 1;', statement)
  expect(rules).toContain(`2 ${rule}`)
  expect(code).toBe(1)
})

test('the safe forms are quiet', async () => {
  const safe = await lintOf(
    'alter table leads add column channel text;',
    'alter table leads add column consent boolean not null default false;',
    'alter table leads add constraint c check (stage <> $$x$$) not valid;',
    'alter table leads add constraint f foreign key (a) references users (id) not valid;',
    'create table tags (id bigint generated always as identity primary key, name text);',
    'create index tags_name_idx on tags (name);',
  )
  expect(safe).toMatchObject({ rules: [], code: 0 })
})
