import { defineConfig } from 'drizzle-kit'

const { DATABASE_DRIVER, DATABASE_URL = '', DIRECT_DATABASE_URL = DATABASE_URL } = process.env

export default defineConfig({
  dialect: 'postgresql',
  schema: './drizzle/schema.ts',
  out: './drizzle',
  ...(DATABASE_DRIVER === 'pglite'
    ? { driver: 'pglite', dbCredentials: { url: DATABASE_URL } }
    : { dbCredentials: { url: DIRECT_DATABASE_URL } }),
})
