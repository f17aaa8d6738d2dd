import { rmSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'
import type pg from 'pg'
import { startEmbedded, type Server } from '../../scripts/core/postgres.ts'
import type { Criterion } from './criterion.ts'
import { createIdentity } from './identity.ts'
import { lastLines, run } from './process.ts'
import { createRig } from './rig.ts'
import { webhookSecret } from './stripe.ts'
import type { Task } from './task.ts'
import { assemble, isMonorepo } from './workspace.ts'

export interface Verdict extends Pick<Criterion, 'id' | 'tier' | 'text'> {
  held: boolean
  /** Why it does not hold. */
  why?: string
}

const criterionLimit = 150_000
let made = 0

/** Start the PostgreSQL on which results are graded. */
export function startDatabases(): Promise<Server> {
  return startEmbedded('')
}

/**
 * Check every criterion of `task` on the result in `folder`. Production's database is migrated by the
 * broken copy first, then by the result: a migration edited in place does not count.
 */
export async function grade(task: Task, folder: string, server: Server, concurrency = 4): Promise<Verdict[]> {
  const identity = createIdentity()
  const production = await productionDatabase(task, server)
  const changed = await database(server, production)
  const migration = await migrate(task, folder, environment(server, changed, identity.jwtKey))
  return pool(task.criteria, concurrency, async (criterion) => {
    const { id, tier, text, database: state } = criterion
    const why = state !== 'production' && migration.code !== 0
      ? `db:migrate ends with ${migration.code}: ${lastLines(migration.output)}`
      : await check(criterion, folder, server, state === 'production' ? production : changed, identity)
    return { id, tier, text, held: why === undefined, ...(why !== undefined && { why }) }
  })
}

/** Share of the criteria that hold, from 0 to 1; a basic one counts like an expert one. */
export function scoreOf(verdicts: Verdict[]): number {
  return verdicts.filter(({ held }) => held).length / verdicts.length
}

async function pool<T, R>(items: T[], size: number, work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = []
  const queue = items.entries()
  await Promise.all(Array.from({ length: size }, async () => {
    for (const [index, item] of queue) results[index] = await work(item)
  }))
  return results
}

async function check(
  criterion: Criterion, folder: string, server: Server, template: string, identity: ReturnType<typeof createIdentity>,
): Promise<string | undefined> {
  const name = await database(server, template)
  const [client, admin] = [await server.connect(name), await server.connect('postgres')]
  const rig = await createRig(folder, identity, server.url(name), client, admin)
  const limit = new AbortController()
  try {
    await Promise.race([
      criterion.check(rig),
      sleep(criterionLimit, undefined, { signal: limit.signal }).then(() => {
        throw new Error(`no verdict within ${criterionLimit / 1000} s`)
      }),
    ])
    return undefined
  } catch (error) {
    return String((error as Error).message ?? error).split('\n').slice(0, 4).join(' ').slice(0, 600)
  } finally {
    limit.abort()
    await rig.stop()
    await client.end().catch(() => {})
    await admin.query(`drop database ${name} with (force)`)
    await admin.end()
  }
}

async function productionDatabase(task: Task, server: Server): Promise<string> {
  const folder = assemble(task, 'broken')
  const name = await database(server)
  const env = environment(server, name, createIdentity().jwtKey)
  const { code, output } = await migrate(task, folder, env)
  rmSync(folder, { recursive: true, force: true })
  if (code !== 0) throw new Error(`the broken copy does not migrate: ${lastLines(output)}`)
  return name
}

async function migrate(task: Task, folder: string, env: Record<string, string>): Promise<{ code: number | null; output: string }> {
  return isMonorepo(task) ? { code: 0, output: '' } : run(folder, ['bun', 'run', 'db:migrate'], env)
}

function environment(server: Server, name: string, jwtKey: string): Record<string, string> {
  return { DATABASE_URL: server.url(name), CLERK_JWT_KEY: jwtKey, STRIPE_WEBHOOK_SECRET: webhookSecret }
}

async function database(server: Server, template = 'template0'): Promise<string> {
  const name = `task_${process.pid}_${++made}`
  await administer(server, `create database ${name} template ${template}`)
  return name
}

async function administer(server: Server, statement: string): Promise<void> {
  const client: pg.Client = await server.connect('postgres')
  try {
    await client.query(statement)
  } finally {
    await client.end()
  }
}
