import type * as pgCore from 'drizzle-orm/pg-core'

declare global {
  const bigint: typeof pgCore.bigint
  const index: typeof pgCore.index
  const pgTable: typeof pgCore.pgTable
  const timestamp: typeof pgCore.timestamp
  const mentorados: typeof import('./drizzle/schema').mentorados

  const client: import('pg').Client
  const config: import('drizzle-orm/migrator').MigrationConfig
  const drizzle: typeof import('drizzle-orm/node-postgres').drizzle
  const migrate: typeof import('drizzle-orm/node-postgres/migrator').migrate
  const readMigrationFiles: typeof import('drizzle-orm/migrator').readMigrationFiles
  const sleep: (milliseconds: number) => Promise<void>
}
