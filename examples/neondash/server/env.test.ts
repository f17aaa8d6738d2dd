import { expect, test } from 'bun:test'
import { join } from 'node:path'
import { testVariables } from '../test/start'
import { Env, parseEnv } from './env'

const valid = { ...testVariables }

async function boot(env: Record<string, string>) {
  const child = Bun.spawn([process.execPath, join(import.meta.dir, 'main.ts')], {
    cwd: '/', // no .env of this folder
    env,
    stdout: 'pipe',
    stderr: 'pipe',
  })
  const [out, err, code] = await Promise.all([child.stdout.text(), child.stderr.text(), child.exited])
  return { out, err: err.trim().split('\n'), code }
}

test('a complete environment is typed', () => {
  const key = valid.CLERK_JWT_KEY.replaceAll('\n', '\\n')
  const { env } = parseEnv({
    ...valid,
    APP_ORIGINS: 'https://a.test, https://b.test',
    CLERK_JWT_KEY: key,
    PORT: '0',
  })
  expect(env).toMatchObject({
    PORT: 0,
    DATABASE_DRIVER: 'pg',
    APP_ORIGINS: ['https://a.test', 'https://b.test'],
  })
  expect(env?.CLERK_JWT_KEY).toBe(valid.CLERK_JWT_KEY)
})

const origins = 'expected a comma-separated list of origins'
const interactive = 'expected pg, neon-websocket or pglite: the server needs interactive transactions'
test.each([
  ['PORT', 'eighty', 'expected a whole number'],
  ['DATABASE_URL', 'mysql://u:hidden@h/d', 'expected postgres://…'],
  ['DATABASE_URL', '', 'missing'],
  ['DATABASE_DRIVER', 'neon-http', interactive],
  ['APP_ORIGINS', '*', origins],
  ['CLERK_JWT_KEY', 'sk_live_hidden', 'expected a PEM public key'],
])('%s=%s is one line: %s', (name, value, rule) => {
  expect(parseEnv({ ...valid, [name]: value }).problems).toEqual([`${name}: ${rule}`])
})

test('PGlite is not for production', () => {
  const { problems } = parseEnv({ ...valid, DATABASE_DRIVER: 'pglite', NODE_ENV: 'production' })
  expect(problems).toEqual(['DATABASE_DRIVER: pglite is for development and tests'])
})

test('a wrong environment ends the process: a line per variable, exit 1, nothing on stdout', async () => {
  const { out, err, code } = await boot({
    NODE_ENV: 'production',
    PORT: 'x',
    DATABASE_URL: valid.DATABASE_URL,
  })
  expect(code).toBe(1)
  expect(out).toBe('')
  expect(err).toEqual([
    'PORT: expected a whole number',
    ...[
      'APP_ORIGINS',
      'CLERK_SECRET_KEY',
      'CLERK_PUBLISHABLE_KEY',
      'CLERK_JWT_KEY',
      'CLERK_WEBHOOK_SIGNING_SECRET',
    ]
      .concat('STRIPE_SECRET_KEY', 'STRIPE_WEBHOOK_SECRET')
      .map((name) => `${name}: missing`),
  ])
})

test('.env.example names every variable and no other', async () => {
  const example = await Bun.file(join(import.meta.dir, '../.env.example')).text()
  const listed = [...example.matchAll(/^(?:# )?([A-Z_]+)=/gm)].map(([, name]) => name as string)
  expect(listed.filter((name) => name !== 'DIRECT_DATABASE_URL').sort()).toEqual(
    Object.keys(Env.shape).sort(),
  )
})
