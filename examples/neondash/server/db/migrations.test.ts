import { expect, test } from 'bun:test'
import { cp } from 'node:fs/promises'
import { join, relative } from 'node:path'
import { sql } from 'drizzle-orm'
import { leads, mentorados, users } from '../../drizzle/schema'
import { folderUpTo, shape } from '../../test/migrations'
import { withDatabase } from '../../test/start'
import { down, status, up } from './migrate'

const { db, connect } = await withDatabase()
const client = await connect()
const tags = (await status(client)).map(({ tag }) => tag)

test('up → load → down → up ends where it began', async () => {
  const before = await shape(client)
  const [user] = await db.insert(users).values({ clerkId: 'u', email: 'u@example.com' }).returning()
  const [mentorado] = await db.insert(mentorados).values({ userId: user!.id }).returning()
  await db.insert(leads).values(
    Array.from({ length: 1000 }, (_, n) => ({
      mentoradoId: mentorado!.id,
      name: `Lead ${n}`,
      email: `${n}@example.com`,
    })),
  )
  expect(await down(client, tags.length)).toEqual(tags.toReversed())
  expect(await shape(client)).toEqual([])
  expect(await up(client)).toEqual(tags)
  expect(await shape(client)).toEqual(before)
  expect(await up(client)).toEqual([])
})

test('each step back ends where the step before it began', async () => {
  const shapes = [await shape(client)]
  for (const tag of tags.toReversed()) {
    expect(await down(client, 1)).toEqual([tag])
    shapes.push(await shape(client))
  }
  let count = 0
  for (const at of shapes.slice(0, -1).toReversed()) {
    await using folder = await folderUpTo(++count)
    await up(client, folder.folder)
    expect(await shape(client)).toEqual(at)
  }
})

test('the way back keeps people, and the rules are there again after it', async () => {
  await client.query(`truncate users cascade;
    insert into users (clerk_id, email) values ('owner', 'owner@example.com');
    insert into mentorados (user_id, stripe_customer_id) select id, 'cus_1' from users;
    insert into users (clerk_id, email, role, clinic_id) select 'staff', '', 'clinica_staff', id from mentorados;`)
  await down(client, tags.length - 1)
  expect((await client.query('select clerk_id, role from users order by id')).rows).toEqual([
    { clerk_id: 'owner', role: 'pending' },
    { clerk_id: 'staff', role: 'clinica_staff' },
  ])
  await up(client)
  const clinicOf = (clerkId: string, id: string) =>
    client.query(`update users set clinic_id = ${id} where clerk_id = '${clerkId}'`)
  await clinicOf('staff', '(select id from mentorados)')
  await expect(clinicOf('staff', '999')).rejects.toThrow('users_clinic_id_mentorados_id_fk')
  await expect(clinicOf('owner', '(select id from mentorados)')).rejects.toThrow('users_clinic_check')
})

test('the migrations make what drizzle/schema.ts says: nothing is left to generate', async () => {
  const root = join(import.meta.dir, '../..')
  await using copy = await folderUpTo(tags.length)
  // drizzle-kit compares with its last snapshot, and takes its folder relative to where it runs.
  const out = relative(root, join(copy.folder, 'again'))
  await cp(join(root, 'drizzle/meta'), join(root, out, 'meta'), { recursive: true })
  const kit = [
    'drizzle-kit',
    'generate',
    '--dialect=postgresql',
    '--schema=drizzle/schema.ts',
    `--out=${out}`,
  ]
  const child = Bun.spawn(['bun', 'x', ...kit], { cwd: root, stdout: 'pipe', stderr: 'pipe' })
  expect(await child.stdout.text()).toContain('No schema changes')
  expect(await child.exited).toBe(0)
}, 20_000)

test('every foreign key has an index', async () => {
  const { rows } = await client.query(`
    select conrelid::regclass::text, conname from pg_constraint c
    where contype = 'f' and connamespace = 'public'::regnamespace and not exists (
      select from pg_index i where i.indrelid = c.conrelid and i.indpred is null
        and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)`)
  expect(rows).toEqual([])
})

test('newest first has its index: no sort', async () => {
  await client.query(`
    insert into users (clerk_id, email) select 'many_' || n, n || '@example.com' from generate_series(1, 20) n;
    insert into mentorados (user_id) select id from users where clerk_id like 'many_%';
    insert into leads (mentorado_id, name) select m.id, 'Lead' from mentorados m, generate_series(1, 1000);
    analyze leads`)
  const { rows } = await db.execute(sql`explain (costs off)
    ${db
      .select({ id: leads.id })
      .from(leads)
      .where(sql`${leads.mentoradoId} = (select min(id) from mentorados)`)
      .orderBy(sql`${leads.createdAt} desc, ${leads.id} desc`)
      .limit(21)}`)
  const plan = JSON.stringify(rows)
  expect(plan).toContain('leads_mentorado_id_created_at_idx')
  expect(plan).not.toContain('Sort')
})
