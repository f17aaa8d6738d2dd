import { rule } from './transaction-on-http-driver.ts'
import { testRule } from './testing.ts'

const http = "import { drizzle } from 'drizzle-orm/neon-http'\nexport const db = drizzle(url)"
const call = 'await db.transaction(async (tx) => { await tx.transaction(async (inner) => {}) })'

testRule(rule, [
  ['the only driver', { 'server/db.ts': http, 'server/a.ts': `export const run = async ({ db }) => {\n  ${call}\n}` }, ['server/a.ts:2:9 error db runs on drizzle-orm/neon-http, which has no interactive transaction and throws; use batch() or another driver here']],
  ['two drivers: the handle decides', { 'server/http.ts': http, 'server/pool.ts': "import { drizzle } from 'drizzle-orm/neon-serverless'\nexport const db = drizzle(url)", 'server/a.ts': `import { db } from './http'\n${call}`, 'server/b.ts': `import { db } from './pool'\n${call}` }, ['server/a.ts:2:7 error db runs on drizzle-orm/neon-http, which has no interactive transaction and throws; use batch() or another driver here']],
  ['a driver that has them; transactions of others', { 'server/db.ts': "import { drizzle } from 'drizzle-orm/node-postgres'\nexport const db = drizzle(url)", 'server/a.ts': call, 'server/b.ts': 'Sentry.transaction(() => 1)' }, []],
])
