import { drizzle } from 'drizzle-orm/node-postgres'
import { Pool } from 'pg'
import { env } from './env.ts'
import * as schema from './schema.ts'

export const pool = new Pool({ connectionString: env.DATABASE_URL, max: 10, connectionTimeoutMillis: 3000 })
// Without a listener a lost idle connection ends the process.
pool.on('error', (error) => console.error('connection lost', error.message))
export const db = drizzle(pool, { schema })
