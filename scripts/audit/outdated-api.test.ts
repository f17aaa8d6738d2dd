import { rule } from './outdated-api.ts'
import { testRule } from './testing.ts'

const pkg = (dependencies: Record<string, string>, scripts = {}) => JSON.stringify({ name: 'demo', dependencies, scripts }, null, 2)

testRule(rule, [
  ['imports', { 'package.json': pkg({ hono: '^4', 'drizzle-orm': '^0.45.4', '@trpc/server': '^11.25.0' }), 'server/a.ts': "import { clerkMiddleware } from '@hono/clerk-auth'\nimport { trpcServer } from '@trpc/server/adapters/fetch'\nimport { observable } from '@trpc/server/observable'\nimport { defineRelations } from 'drizzle-orm'\nt.procedure.subscription(() => observable(run))", 'server/link.ts': "import { observable } from '@trpc/server/observable'\nexport const link = () => observable(run)" }, [
    'server/a.ts:1:1 warning @hono/clerk-auth rests on an old @clerk/backend and accepts tokens that it should refuse; use @clerk/hono',
    'server/a.ts:2:1 error trpcServer is not exported here; it comes from @hono/trpc-server, or use fetchRequestHandler',
    'server/a.ts:3:1 warning observable() subscriptions are deprecated and end with tRPC 12; write an async generator',
    'server/a.ts:4:1 error defineRelations exists from drizzle-orm 1.0 on; this version has relations()',
  ]],
  ['Neon, Zod and Bun', { 'package.json': pkg({ '@neondatabase/serverless': '1.2.0', zod: '^4.6.7', hono: '4' }), 'server/a.ts': "import { neon, neonConfig } from '@neondatabase/serverless'\nimport { z } from 'zod'\nneonConfig.fetchConnectionCache = true\nconst sql = neon(url)\nawait sql('select 1')\nawait sql.transaction(async (tx) => {})\nconst a = z.string({ required_error: 'x' })\nBun.serve({ fetch, idleTimeout: 3600 })" }, [
    'server/a.ts:3:1 warning fetchConnectionCache does nothing but warn since version 1; delete the line',
    'server/a.ts:5:7 error sql(text) throws since version 1; use a tagged template or sql.query(text, values)',
    'server/a.ts:6:7 error sql.transaction() takes a list of queries, not an async function, and throws',
    'server/a.ts:7:22 warning Zod 4 ignores required_error; write error: instead',
    'server/a.ts:8:33 error Bun.serve throws for an idleTimeout above 255; for long streams use server.timeout(request, 0)',
  ]],
  ['scripts of drizzle-kit', { 'package.json': pkg({ 'drizzle-kit': '0.31.11' }, { generate: 'drizzle-kit generate:pg' }) }, ['package.json:7:5 error "drizzle-kit generate:pg" is no command of this drizzle-kit; write drizzle-kit generate and "dialect" in drizzle.config.ts']],
  ['right for the older version, and present forms', { 'package.json': pkg({ hono: '4', '@trpc/server': '^10.45.0', zod: '^3.23.0', 'drizzle-orm': '1.0.0-rc.5', '@neondatabase/serverless': '^0.10.0' }, { generate: 'drizzle-kit generate' }), 'server/a.ts': "import { observable } from '@trpc/server/observable'\nimport { defineRelations } from 'drizzle-orm'\nimport { z } from 'zod'\nimport { neon } from '@neondatabase/serverless'\nconst a = z.string({ required_error: 'x' })\nconst sql = neon(url)\nawait sql('select 1')\nawait sql`select 1`\nBun.serve({ idleTimeout: 120 })" }, []],
])
