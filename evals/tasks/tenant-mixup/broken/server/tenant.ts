import { sql } from 'drizzle-orm'
import { db } from './db.ts'

/** Make the mentorado known to the database, for the queries of this request. */
export async function setTenant(mentoradoId: number) {
  await db.execute(sql`select set_config('app.mentorado_id', ${String(mentoradoId)}, false)`)
}

/** The mentorado of the current request. */
export const currentTenant = sql<number>`nullif(current_setting('app.mentorado_id', true), '')::int`
