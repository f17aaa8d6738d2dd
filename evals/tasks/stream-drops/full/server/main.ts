import { app } from './app.ts'
import { pool } from './db.ts'
import { env } from './env.ts'
import { shutdown } from './lifecycle.ts'

const LIMIT_MS = 5_000

const server = Bun.serve({ port: env.PORT, fetch: app.fetch, idleTimeout: 30 })
console.log(`listening on ${server.url}`)

process.once('SIGTERM', async () => {
  shutdown.abort()
  await Promise.race([server.stop(), Bun.sleep(LIMIT_MS)])
  await Promise.race([pool.end(), Bun.sleep(1_000)])
  process.exit(0)
})
