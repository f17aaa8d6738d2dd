import { randomUUID } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import type { Identity } from './identity.ts'
import { appOrigin } from './identity.ts'
import { run, startBackend, type Backend } from './process.ts'
import { startProvider, type Provider } from './provider.ts'
import { webhookSecret } from './stripe.ts'

export interface Person {
  clerkId: string
  userId: number
  mentoradoId: number
  token: string
}

/** What a criterion works with; all of it is its own and ends with it. */
export interface Rig extends Identity {
  /** The result under test; do not write to it. */
  folder: string
  databaseUrl: string
  /** A session on the criterion's database, straight to the server. */
  client: pg.Client
  /** Rows of one statement on the criterion's database. */
  sql<T extends pg.QueryResultRow = any>(text: string, values?: unknown[]): Promise<T[]>
  provider: Provider
  /** One more session on the criterion's database. */
  connect(): Promise<pg.Client>
  /** Start the backend on the criterion's database; another version of it when `from` names its folder. */
  start(env?: Record<string, string>, from?: string): Promise<Backend>
  /** Run a command in the folder, or in `from`, with the backend's environment. */
  run(command: string[], env?: Record<string, string>, from?: string): Promise<{ code: number | null; output: string }>
  /** Insert a user with a mentorado, and sign a token for them. */
  person(role?: string): Promise<Person>
  /** Cut the backend off from the database; the returned function ends it. */
  outage(): Promise<() => Promise<void>>
  /** Names of the tables in which some row contains `text`, whatever the column. */
  tablesWith(text: string): Promise<string[]>
  /** Wait until `probe` gives something true; throws `message` after `limit` ms. */
  until<T>(message: string, probe: () => Promise<T>, limit?: number): Promise<Exclude<T, false | null | undefined>>
}

/** Build the rig of one criterion; `stop` ends everything that it started. */
export async function createRig(
  folder: string, identity: Identity, databaseUrl: string, client: pg.Client, admin: pg.Client,
): Promise<Rig & { stop(): Promise<void> }> {
  const provider = await startProvider()
  const started: Backend[] = []
  const sessions: pg.Client[] = []
  const environment = {
    DATABASE_URL: databaseUrl,
    CLERK_JWT_KEY: identity.jwtKey,
    APP_ORIGIN: appOrigin,
    STRIPE_WEBHOOK_SECRET: webhookSecret,
    MESSAGES_URL: provider.url,
  }
  const sql: Rig['sql'] = async (text, values) => (await client.query(text, values)).rows
  return {
    ...identity, folder, databaseUrl, client, provider, sql,
    async connect() {
      const session = new pg.Client({ connectionString: databaseUrl })
      session.on('error', () => {})
      await session.connect()
      sessions.push(session)
      return session
    },
    async start(env = {}, from = folder) {
      const backend = await startBackend(from, { ...environment, ...env })
      started.push(backend)
      return backend
    },
    run: (command, env = {}, from = folder) => run(from, command, { ...environment, ...env }),
    async person(role = 'mentorado') {
      const clerkId = `user_${randomUUID().replaceAll('-', '').slice(0, 20)}`
      const [user] = await sql('insert into users (clerk_id, name, role) values ($1, $2, $3) returning id', [clerkId, 'Ana', role])
      const [row] = await sql('insert into mentorados (user_id, clinic) values ($1, $2) returning id', [user.id, 'Clinic'])
      return { clerkId, userId: user.id, mentoradoId: row.id, token: identity.token(clerkId) }
    },
    async outage() {
      const name = client.database!
      await admin.query(`alter database ${name} allow_connections false`)
      await admin.query('select pg_terminate_backend(pid) from pg_stat_activity where datname = $1 and pid <> $2', [
        name, ((await client.query('select pg_backend_pid() as pid')).rows[0] as { pid: number }).pid,
      ])
      return async () => void (await admin.query(`alter database ${name} allow_connections true`))
    },
    async tablesWith(text) {
      const tables = await sql(`select format('%I.%I', schemaname, tablename) as name from pg_tables
        where schemaname not in ('pg_catalog', 'information_schema')`)
      const found: string[] = []
      for (const { name } of tables) {
        const [row] = await sql(`select exists (select 1 from ${name} t where strpos(t::text, $1) > 0) as found`, [text])
        if (row.found) found.push(name)
      }
      return found
    },
    async until(message, probe, limit = 10_000) {
      const deadline = Date.now() + limit
      for (;;) {
        const found = await probe()
        if (found) return found as Exclude<typeof found, false | null | undefined>
        if (Date.now() > deadline) throw new Error(message)
        await sleep(100)
      }
    },
    async stop() {
      await Promise.all(started.map((backend) => backend.kill('SIGKILL')))
      await Promise.all(sessions.map((session) => session.end().catch(() => {})))
      await provider.stop()
    },
  }
}
