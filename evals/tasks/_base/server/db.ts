import { drizzle } from 'drizzle-orm/node-postgres'
import { Pool } from 'pg'
import { env } from './env.ts'
import * as schema from './schema.ts'

export const pool = new Pool({ connectionString: env.DATABASE_URL, max: 10 })
export const db = drizzle(pool, { schema })
