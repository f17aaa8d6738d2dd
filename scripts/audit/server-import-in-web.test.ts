import { rule } from './server-import-in-web.ts'
import { testRule } from './testing.ts'

const api = { 'apps/api/package.json': '{"name": "@repo/api", "dependencies": {"hono": "4", "drizzle-orm": "0.45"}}', 'apps/api/src/schema.ts': "import { pgTable, text } from 'drizzle-orm/pg-core'\nexport const leads = pgTable('leads', { a: text() })\nexport type Lead = typeof leads.$inferSelect", 'apps/api/src/roles.ts': "export const ROLES = ['admin']" }
const web = (dependencies: object) => JSON.stringify({ name: '@repo/web', dependencies: { react: '19', ...dependencies } })

testRule(rule, [
  ['a table in a component', { ...api, 'apps/web/package.json': web({}), 'apps/web/src/page.tsx': "import { leads } from '@repo/api/schema'\nexport const Page = () => <p>{leads.a.name}</p>" },
    ['apps/web/src/page.tsx:1:1 error "@repo/api/schema" brings drizzle-orm/pg-core into the browser; use import type, or move the value into a shared package']],
  ['types, values without server code, and frameworks that run on both sides', {
    ...api, 'apps/web/package.json': web({}), 'apps/web/src/page.tsx': "import type { Lead } from '@repo/api/schema'\nimport { Lead as Row } from '@repo/api/schema'\nimport { ROLES } from '@repo/api/roles'\nexport const Page = (p: { lead: Lead, row: Row }) => <p>{ROLES.length}</p>",
    'apps/site/package.json': web({ next: '16' }), 'apps/site/src/page.tsx': "import { leads } from '@repo/api/schema'\nexport default () => <p>{leads.a.name}</p>",
  }, []],
])
