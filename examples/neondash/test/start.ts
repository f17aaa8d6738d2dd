import { afterAll } from 'bun:test'
import { spawn } from 'node:child_process'
import type { RedisClient } from 'bun'
import type pg from 'pg'
import { openDatabase } from '../server/db/client'
import { connectDirect, up } from '../server/db/migrate'
import { completeDeps, type Deps } from '../server/deps'
import { type Env, parseEnv } from '../server/env'
import { createLog } from '../server/log'
import { openRedis } from '../server/redis'
import { createClerkKeys } from './clerk'
import {
  end,
  freePort,
  guardFolder,
  lineOf,
  type Postgres,
  startEmbedded,
  startInstalled,
  temporaryFolder,
} from './servers'

const TEMPLATE = 'neondash_template'
const version = process.env.TEST_POSTGRES

interface Running {
  postgres?: Promise<Postgres>
  suites: number
}
/** One server per test run, whatever the module registry does. */
const shared = globalThis as { neondashTests?: Running }
shared.neondashTests ??= { suites: 0 }
const running = shared.neondashTests

export const hasRedis = Bun.which('redis-server') !== null
export const clerk = createClerkKeys()

async function startPostgres(): Promise<Postgres> {
  const postgres = version ? await startInstalled(version) : await startEmbedded()
  await admin(postgres, `create database ${TEMPLATE}`)
  const client = await connectDirect(postgres.directUrl(TEMPLATE))
  await up(client)
  await client.end()
  return postgres
}

/** Ends the server of this run; called once, after the last suite. */
export async function stopServers() {
  const postgres = await running.postgres
  running.postgres = undefined
  await postgres?.stop()
}

/** A migrated database of its own for one test file, on a real server. Call it at the top level of the file. */
export async function withDatabase() {
  running.postgres ??= startPostgres()
  const postgres = await running.postgres
  const database = `suite_${process.pid}_${++running.suites}_test`
  await admin(postgres, `create database ${database} template ${TEMPLATE}`)
  const env = testEnv({ DATABASE_URL: postgres.url(database), DATABASE_POOLED: String(postgres.pooled) })
  const opened = await openDatabase(env, createLog({ level: 'error' }))
  const clients = new Set<pg.Client>()
  afterAll(async () => {
    await Promise.all([...clients].map((client) => client.end().catch(() => {})))
    await opened.close()
    await admin(postgres, `drop database if exists ${database} with (force)`)
  }, 60_000)
  return {
    db: opened.db,
    database,
    env,
    url: postgres.url(database),
    directUrl: postgres.directUrl(database),
    /** Restarts the server of this run; suites run one after another, so no other notices. */
    restart: () => postgres.restart(),
    /** A session of its own, past the pooler. */
    async connect(name = database) {
      const client = await connectDirect(postgres.directUrl(name))
      clients.add(client)
      return client
    },
  }
}

/** A Redis server of its own for one test file; `stop()` and `start()` rehearse its loss. */
export async function withRedis() {
  const folder = temporaryFolder()
  const port = await freePort()
  const guard = guardFolder(folder)
  const start = async () => {
    const options = `--port ${port} --bind 127.0.0.1 --dir ${folder} --pidfile ${folder}/redis.pid --appendonly no`
    const child = spawn('redis-server', [...options.split(' '), '--save', ''], {
      stdio: ['ignore', 'pipe', 'ignore'],
    })
    await lineOf(child, 'Ready to accept', child.stdout)
    return child
  }
  let server = await start()
  const url = `redis://127.0.0.1:${port}`
  const opened: RedisClient[] = []
  const open = async () => {
    const client = await openRedis(url, createLog({ level: 'error' }))
    opened.push(client)
    return client
  }
  afterAll(async () => {
    for (const client of opened) client.close()
    await end(server, 'SIGKILL')
    await guard.release()
  })
  return {
    url,
    client: await open(),
    /** One more client, as another instance would have. */
    open,
    stop: () => end(server, 'SIGKILL'),
    async start() {
      server = await start()
    },
  }
}

type Overrides = { [K in keyof Env]?: string | number | boolean }

/** A complete environment; the variables given replace its own. */
export function testEnv(overrides: Overrides = {}): Env {
  const given = Object.fromEntries(Object.entries(overrides).map(([name, value]) => [name, String(value)]))
  const { env, problems } = parseEnv({ ...testVariables, ...given })
  if (!env) throw new Error(problems.join('\n'))
  return env
}

export const testVariables = {
  NODE_ENV: 'test',
  DATABASE_URL: 'postgres://app:local@127.0.0.1:1/absent_test',
  STRIPE_SECRET_KEY: 'sk_test_local',
  STRIPE_WEBHOOK_SECRET: 'whsec_local',
  ...clerk.env,
  DRAIN_MS: '0',
  // No test may reach a real provider: nobody listens here.
  CLERK_API_URL: 'http://127.0.0.1:1',
  PAYMENTS_URL: 'http://127.0.0.1:1',
  MAIL_URL: 'http://127.0.0.1:1',
}

/** Everything an app needs; `lines` holds what it logged. */
export function testDeps({
  env,
  ...given
}: Pick<Deps, 'db'> & Partial<Omit<Deps, 'env'>> & { env?: Overrides }) {
  const lines: Record<string, unknown>[] = []
  const log = createLog({ level: 'debug', write: (line) => lines.push(JSON.parse(line)) })
  return { ...completeDeps({ redis: null, log, env: testEnv(env), ...given }), lines }
}

async function admin(postgres: Postgres, statement: string) {
  const client = await connectDirect(postgres.directUrl('postgres'))
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
