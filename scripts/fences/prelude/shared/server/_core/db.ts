import { drizzle } from 'drizzle-orm/node-postgres'
import * as schema from '../../drizzle/schema'

export const db = drizzle('postgres://localhost/neondash', { schema })
export type Db = typeof db
export type Tx = Parameters<Parameters<Db['transaction']>[0]>[0]
export type Role = (typeof schema.userRole.enumValues)[number]
