import { execFile } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { promisify } from 'node:util'
import { UsageError } from '../../core/usage-error.ts'
import { root } from '../../fences/documents.ts'
import { startEmbedded, type Server } from '../../core/postgres.ts'
import type pg from 'pg'

export const example = join(root, 'examples/neondash')
/** A Bun that signals reach, and what else the blocks of the guide call. */
export const tools = [join(root, 'node_modules/.bin'), process.env.PATH].join(delimiter)

/** One PostgreSQL with the migrated example as its template, for any number of rehearsals. */
export interface Stage {
  postgres: Server
  /** For logs and keys; removed at the end. */
  folder: string
  stop(): Promise<void>
}

/** Starts PostgreSQL 18; `settings` as `name=value`. Throws `UsageError` when a program is missing. */
export async function openStage(settings: string[] = ['max_connections=300']): Promise<Stage> {
  for (const program of ['psql', 'redis-server', 'redis-cli', 'pgbouncer', 'curl', 'git']) await need(program)
  const postgres = await startEmbedded('create extension pg_stat_statements', settings)
  const folder = mkdtempSync(join(tmpdir(), 'rehearse-'))
  try {
    await migrate(postgres.url(postgres.template))
    const client = await postgres.connect(postgres.template)
    await seed(client)
    await client.end()
  } catch (error) {
    await postgres.stop()
    throw error
  }
  return {
    postgres,
    folder,
    async stop() {
      await postgres.stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}

async function migrate(url: string): Promise<void> {
  const env = { PATH: tools, HOME: process.env.HOME, DIRECT_DATABASE_URL: url }
  await promisify(execFile)('bun', ['run', 'server/db/migrate.ts', 'up'], { cwd: example, env })
}

/** One admin, two clinics of one mentor, and what the second one owns. */
async function seed(client: pg.Client): Promise<void> {
  await client.query(`
    insert into users (clerk_id, email, role) values
      ('user_1', 'admin@example.com', 'admin'), ('user_2', 'ana@example.com', 'mentorado'),
      ('user_3', 'bia@example.com', 'mentorado'), ('user_4', 'mentor@example.com', 'mentor');
    insert into mentors (user_id) values (4);
    insert into mentorados (user_id, mentor_id, turma) values (2, 1, 'turma-1'), (3, 1, 'turma-1');
    insert into leads (mentorado_id, name, email) select 1, 'Lead ' || n, 'lead' || n || '@example.com'
      from generate_series(1, 20) as n`)
}

async function need(program: string): Promise<void> {
  await promisify(execFile)('sh', ['-c', `command -v ${program}`]).catch(() => {
    throw new UsageError(`${program} is missing; apt-get install postgresql-client redis-server pgbouncer curl git`)
  })
}
