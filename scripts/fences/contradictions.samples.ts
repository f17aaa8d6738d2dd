/** Per wrong form: fences (`lang: code`) and sentences that say it, and some that must not be taken for it. */
export const samples: Record<string, { code?: [lang: string, text: string][]; prose?: string[]; right?: string[] }> = {
  'tables in packages/shared': {
    code: [
      ['ts', "// packages/shared/src/schema.ts\nimport { pgTable } from 'drizzle-orm/pg-core'"],
      ['ts', "import { leads } from '@repo/shared/schema'\nawait db.select().from(leads)"],
      ['sh', 'git mv drizzle/schema.ts packages/shared/src/schema/leads.ts'],
    ],
    prose: [
      'Map `../../drizzle/schema` to `@repo/shared/schema`, the Drizzle schema.',
      'Tables move to `packages/shared`.',
    ],
    right: [
      '`@repo/shared/schema`: Zod schemas and row types; tables stay in api.',
      "```ts\n// packages/shared/src/schema.ts\nimport { z } from 'zod'\n// apps/api/src/schema.ts\nimport { pgTable } from 'drizzle-orm/pg-core'\n```",
    ],
  },
  'AppRouter at run time or from packages/shared': {
    code: [
      ['ts', "import type { AppRouter } from '@repo/shared'"],
      ['ts', "export { appRouter } from '@repo/shared/router'"],
      ['ts', "import { AppRouter } from '@repo/api/router'"],
      ['json', '{ "name": "@repo/shared", "dependencies": { "@repo/api": "workspace:*" } }'],
    ],
    right: ["Use `import type { AppRouter } from '@repo/api/router'`."],
  },
  '`pipeline` in turbo.json': {
    code: [['json', '{ "pipeline": { "build": {} } }']],
    prose: ['Put `"pipeline": {}` into turbo.json.'],
    right: ['turbo 2 wants `tasks`, 1 had `pipeline`.'],
  },
  'a file bun.workspaces': { code: [['text', 'apps/\nbun.workspaces']], prose: ['Create `bun.workspaces`.'] },
  'Bun before 1.4': {
    code: [['dockerfile', 'FROM oven/bun:1.1 AS base']],
    prose: ['Pin `bun@1.1.8`.'],
    right: ['Pin `bun@1.4.5`, later `bun@1.10.0`.'],
  },
  'comments in package.json': {
    code: [['json', '{\n  // why\n  "workspaces": []\n}'], ['jsonc', '{ "devDependencies": {} /* why */ }']],
    right: [
      '```jsonc\n{ "tasks": {} } // turbo.json\n```',
      '```json\n{ "dependencies": { "x": "https://x.test" } }\n```',
    ],
  },
  'zod as devDependency of the package that exports schemas': {
    code: [['json', '{ "name": "@repo/shared", "devDependencies": { "zod": "catalog:" } }']],
    right: ['```json\n{ "name": "@repo/shared", "dependencies": { "zod": "catalog:" } }\n```'],
  },
  'turbo before the install in an image': {
    code: [['dockerfile', 'FROM oven/bun:1.4.5\nRUN bunx turbo run build\nRUN bun install']],
    right: ['```dockerfile\nFROM a AS build\nRUN bun install\nRUN bun run turbo run build\n```'],
  },
  'any origin with credentials': {
    code: [
      ['ts', "app.use(cors({ origin: '*', credentials: true }))"],
      ['ts', 'app.use(cors({\n  origin: env.WEB ?? "*",\n  credentials: true,\n}))'],
      ['ts', 'app.use(cors({ origin: (o) => o, credentials: true }))'],
    ],
    prose: ["Mount `cors({ origin: '*', credentials: true })`."],
    right: [
      "`cors({ origin: '*' })` is for public reads, `cors({ origin: env.APP_ORIGINS, credentials: true })` for cookies.",
    ],
  },
  'trpcServer from @trpc/server': {
    code: [['ts', "import { trpcServer } from '@trpc/server/adapters/fetch'"]],
    right: ["`import { trpcServer } from '@hono/trpc-server'`."],
  },
  'hono/express': { code: [['ts', "import { handle } from 'hono/express'"]], prose: ['Bridge with `hono/express`.'] },
  'an empty Response after taking over `outgoing`': {
    code: [['ts', "c.env.outgoing.write('data: 1\\n\\n')\nreturn new Response(null)"]],
    prose: ['After writing to `c.env.outgoing`, return `new Response(null)`.'],
    right: ['A route that writes to `outgoing` returns `RESPONSE_ALREADY_SENT`, not `new Response(null)`.'],
  },
  "Node's server in a guide for Bun": {
    code: [
      ['ts', "import { serve } from '@hono/node-server'"],
      ['ts', 'const app = new Hono<{ Bindings: HttpBindings }>()'],
    ],
    prose: ['Start with `serve()` of `@hono/node-server`.'],
    right: ['On Node: `serve()` from `@hono/node-server`.'],
  },
  'push without the word disposable': {
    code: [['sh', 'bun run db:push']],
    prose: ['Then `bun run db:push`.', 'Run `drizzle-kit push --force`.'],
    right: ['`bun run db:push` only on a disposable database.'],
  },
  'another test runner than `bun test`': {
    code: [['ts', "import { test } from 'vitest'"], ['json', '{ "scripts": { "test": "vitest run" } }']],
    prose: ['Run `npx jest`.'], right: ['`bun test server`'],
  },
  'a role outside the dictionary': {
    code: [
      ['sql', "update users set role = 'superuser'"],
      ['sql', "select 1 from users where role in ('admin', 'staff')"],
      ['ts', "if (actor.role !== 'owner') throw forbidden"],
    ],
    prose: ['`clinica_admin` may invite staff.'],
    right: [
      "```sql\nupdate users set role = 'clinica_owner' where role in ('mentorado', 'pending')\n```",
      '`role: Role`',
    ],
  },
  'a list of the roles that is not complete': {
    code: [['ts', "const ROLES = ['admin', 'mentorado', 'clinica_owner', 'clinica_staff', 'pending'] as const"]],
    right: [
      "`['admin', 'mentor', 'mentorado', 'clinica_owner', 'clinica_staff', 'pending']` and `['admin', 'mentor']`",
    ],
  },
  'another tenant key than mentoradoId': {
    code: [['sql', 'select id from leads where tenant_owner_user_id = 1']],
    prose: ['Filter by `tenantId`.'],
    right: ['Filter by `mentoradoId`.'],
  },
  'a mentorado without clinic access': { prose: ['A mentorado has no clinic tenant access.'] },
  'an interactive transaction on neon-http': {
    code: [['ts', "import { drizzle } from 'drizzle-orm/neon-http'\nawait drizzle(url).transaction(async (tx) => {})"]],
    prose: ['With neon-http wrap both writes in `db.transaction(…)`.'],
    right: ['On neon-http `db.transaction` throws: use `db.batch`.'],
  },
  fetchConnectionCache: {
    code: [['ts', 'neonConfig.fetchConnectionCache = true']],
    prose: ['Set `fetchConnectionCache`.'],
  },
  'Promise.all called a batch': {
    prose: ['Batch the writes with `Promise.all`.'], right: ['`Promise.all` is N requests, not a batch.'],
  },
  'Promise.all for awaits without the rule for writes': {
    prose: ['Sequential awaits become `Promise.all`.'],
    right: ['Sequential awaits become `Promise.all`.\n\nWrites: never `Promise.all`.'],
  },
  maxSteps: { code: [['ts', 'generateText({ maxSteps: 5 })']], prose: ['Bound it with `maxSteps`.'] },
  'the name of a model': {
    code: [['ts', "const model = 'gpt-4o'"]],
    prose: ['Use `claude-sonnet-4`.'],
    right: ['`gpt-tokenizer`'],
  },
  'a cast to any': {
    code: [['ts', 'await (api as any).leads.list()']],
    prose: ['Cast: `(api as any)`.'],
    right: ['as anyone can see'],
  },
  'a link that leads out of the skill': {
    prose: ['See [plan](../../workflows/plan.md).', 'See [rules](../../frontend-rules/SKILL.md).'],
    right: ['See [SKILL](../SKILL.md), [other](runbooks.md#x), [site](https://example.com/../..).'],
  },
  'a tool or workflow of one client': {
    prose: ['Search with `grep_search`.', 'Follow `.agent/workflows/plan.md`.'],
    right: ['`.github/workflows/ci.yml`'],
  },
  'waiting for an in-memory queue before the answer': {
    code: [
      ['ts', 'await webhookQueue.add(() => handle(event))\nreturn c.body(null, 202)'],
      ['ts', "import PQueue from 'p-queue'"],
    ],
    prose: ['`await queue(event)`, then 202.'],
    right: [
      '```ts\nawait store(event)\nreturn c.body(null, 202)\n```',
      '`await queue.add(task)` resolves after the task; a deploy loses the rest.',
    ],
  },
  '@hono/clerk-auth': {
    code: [['ts', "import { clerkMiddleware } from '@hono/clerk-auth'"]],
    prose: ['Install `@hono/clerk-auth`.'],
    right: ['Not `@hono/clerk-auth`.', "```ts\nimport { verifyWebhook } from '@clerk/hono/webhooks'\n```"],
  },
  'memory as fallback without version or short life': {
    prose: ['Redis is authoritative, memory is the fallback.', 'Fallback to the in-process Map.'],
    right: ['The Map is the fallback for ≤ 5 s, with a version per value.'],
  },
}
