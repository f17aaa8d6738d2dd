import { join } from 'node:path'
import { migrate } from 'drizzle-orm/pglite/migrator'
import { mentorados, mentors, users } from '../drizzle/schema'
import { createClerkKeys } from '../test/clerk'
import { type Db, openDatabase } from './db/client'
import { parseEnv } from './env'
import { start } from './main'

const HOURS = 3_600
const clerk = createClerkKeys()
const ownKeys = process.env.CLERK_JWT_KEY === undefined
const ownDatabase = process.env.DATABASE_URL === undefined

const { env, problems } = parseEnv({
  NODE_ENV: 'development',
  STRIPE_SECRET_KEY: 'sk_test_local',
  STRIPE_WEBHOOK_SECRET: 'whsec_local',
  DRAIN_MS: '0',
  ...(ownDatabase && { DATABASE_DRIVER: 'pglite', DATABASE_URL: 'memory://' }),
  ...clerk.env,
  ...process.env,
})
if (!env) {
  for (const problem of problems) console.error(problem)
  process.exit(1)
}

const { server } = await start(env, async (databaseEnv, log) => {
  const database = await openDatabase(databaseEnv, log)
  if (ownDatabase) {
    await migrate(database.db as never, { migrationsFolder: join(import.meta.dir, '../drizzle') })
    await seed(database.db)
  }
  return database
})

if (ownKeys)
  for (const sub of ['user_admin', 'user_mentor', 'user_mentorado']) {
    const token = clerk.token({ sub, exp: Math.floor(Date.now() / 1000) + 12 * HOURS })
    console.error(`\n${sub}\ncurl -H 'authorization: Bearer ${token}' ${server.url}trpc/…`)
  }

/** One user of each kind, whose tokens are printed. */
async function seed(db: Db) {
  const rows = await db
    .insert(users)
    .values([
      { clerkId: 'user_admin', email: 'admin@example.com', role: 'admin' },
      { clerkId: 'user_mentor', email: 'mentor@example.com', role: 'mentor' },
      { clerkId: 'user_mentorado', email: 'ana@example.com', role: 'mentorado' },
    ])
    .returning({ id: users.id })
  const [, mentorUser, mentoradoUser] = rows as [{ id: number }, { id: number }, { id: number }]
  const [mentor] = await db.insert(mentors).values({ userId: mentorUser.id }).returning({ id: mentors.id })
  await db.insert(mentorados).values({ userId: mentoradoUser.id, mentorId: mentor?.id, turma: 'turma-1' })
}
