import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { withDatabase } from '../../test/start'
import { refusal } from './push'

const { directUrl, connect } = await withDatabase()
const root = join(import.meta.dir, '../..')

async function push(url: string) {
  const child = Bun.spawn([process.execPath, 'run', 'db:push'], {
    cwd: root,
    env: { ...process.env, DATABASE_DRIVER: 'pg', DATABASE_URL: url, DIRECT_DATABASE_URL: url },
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [err, code] = [await child.stderr.text(), await child.exited]
  return { err: err.split('\n').filter((line) => line.startsWith('db:push')), code }
}

test.each([
  ['postgres://u:p@ep-1.eu-central-1.aws.neon.tech/neondash_dev', 'is not this machine'],
  ['postgres://u:p@localhost/neondash', 'does not end in _dev or _test'],
  ['postgres://u:p@localhost/neondash_dev?host=ep-1.neon.tech', 'has parameters'],
  ['postgres://u:p@localhost.example.com/neondash_dev', 'is not this machine'],
  [undefined, 'is not set'],
])('refuses %s', (url, reason) => {
  expect(refusal('pg', url)).toContain(reason)
})

test.each([
  'postgres://u:p@localhost/neondash_dev',
  'postgres://u:p@127.0.0.1:5433/x_test',
  'postgres://u@[::1]/x_dev',
])('takes %s', (url) => expect(refusal('pg', url)).toBeUndefined())

test('takes PGlite', () => expect(refusal('pglite', './.dev/db')).toBeUndefined())

test('the command refuses in one line and changes nothing', async () => {
  const { err, code } = await push(directUrl.replace(/suite_\w+$/, 'postgres'))
  expect(err).toHaveLength(1)
  expect(code).toBe(1)
})

test('the command brings a disposable database to the schema', async () => {
  const client = await connect()
  await client.query('alter table leads drop column phone')
  expect(await push(directUrl)).toEqual({ err: [], code: 0 })
  const { rows } = await client.query(
    "select 1 from information_schema.columns where table_name = 'leads' and column_name = 'phone'",
  )
  expect(rows).toHaveLength(1)
}, 20_000)
