import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Every so many modules one has these flaws, so that findings are made and told. */
const flawEvery = 25

/** Files of module number `index` of a generated backend: table, service, router, route, adapter; by path. */
export function moduleAt(index: number): Record<string, string> {
  const name = `module${index}`
  const isFlawed = index % flawEvery === 0
  const before = index === 0 ? 'owners' : `module${index - 1}`
  const from = index === 0 ? "import { owners } from '../owners.ts'" : `import { ${before} } from '../${before}/table.ts'`
  return {
    [`server/${name}/table.ts`]: `import { sql } from 'drizzle-orm'
import { bigint, check, index, jsonb, pgTable, text, timestamp } from 'drizzle-orm/pg-core'
${from}

export const ${name} = pgTable('${name}', {
  id: bigint({ mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
  tenantId: bigint('tenant_id', { mode: 'number' }).notNull(),
  parentId: bigint('parent_id', { mode: 'number' }).references(() => ${before}.id),
  title: text().notNull(),
  detail: jsonb().notNull().default({}),
  createdAt: timestamp('created_at', { withTimezone: true }).notNull().defaultNow(),
}, (t) => [
  index('${name}_tenant_idx').on(t.tenantId, t.createdAt.desc()),
  ${isFlawed ? '' : `index('${name}_parent_idx').on(t.parentId),`}
  check('${name}_title_check', sql\`length(\${t.title}) > 0\`),
])
`,
    [`server/${name}/service.ts`]: `import { and, desc, eq, lt } from 'drizzle-orm'
import type { Db, Logger } from '../types.ts'
import { ${name} } from './table.ts'

export interface Page { rows: { id: number, title: string }[], next: number | undefined }

export function create${index}Service(db: Db, log: Logger) {
  return {
    async page(tenantId: number, before: number | undefined, size: number): Promise<Page> {
      const rows = await db
        .select({ id: ${name}.id, title: ${name}.title })
        .from(${name})
        .where(and(eq(${name}.tenantId, tenantId), before === undefined ? undefined : lt(${name}.id, before)))
        .orderBy(desc(${name}.id))
        .limit(Math.min(size, 100))
      log.debug({ operation: '${name}.page', rows: rows.length })
      return { rows, next: rows.at(-1)?.id }
    },
    async rename(tenantId: number, id: number, title: string) {
      const [row] = await db.update(${name}).set({ title }).where(and(eq(${name}.id, id), eq(${name}.tenantId, tenantId))).returning()
      if (!row) throw new Error('not found')
      return row
    },
  }
}
`,
    [`server/${name}/router.ts`]: `import { z } from 'zod'
import { router, tenantProcedure } from '../trpc.ts'
import { create${index}Service } from './service.ts'

const page = z.object({ before: z.number().int().optional(), size: z.number().int().max(100).default(20) })
const rename = z.object({ id: z.number().int(), title: z.string().min(1).max(200) })

export const ${name}Router = router({
  page: tenantProcedure.input(page).query(({ ctx, input }) => create${index}Service(ctx.db, ctx.log).page(ctx.tenant.id, input.before, input.size)),
  rename: tenantProcedure.input(rename).mutation(async ({ ctx, input }) => {
    const row = await create${index}Service(ctx.db, ctx.log).rename(ctx.tenant.id, input.id, input.title)
    ctx.log.info({ operation: '${name}.rename', id: row.id, outcome: 'ok' })
    return { id: row.id, title: row.title }
  }),
})
`,
    [`server/${name}/route.ts`]: `import { Hono } from 'hono'
import { bodyLimit } from 'hono/body-limit'
import type { Env } from '../types.ts'
import { report } from './adapter.ts'

export const ${name}Route = new Hono<Env>()
  .use(bodyLimit({ maxSize: 64_000 }))
  .get('/health', (c) => c.json({ ok: true }))
  .post('/reports', async (c) => {
    const body = c.get('schemas').report.parse(await c.req.json())
    ${isFlawed ? "console.log('reported')" : "c.get('log').info({ operation: 'report' })"}
    const result = await report(body, c.req.raw.signal)
    return c.json({ id: result.id, requestId: c.get('requestId') }, 202)
  })
`,
    [`server/${name}/adapter.ts`]: `import { z } from 'zod'
import { env } from '../env.ts'

const answer = z.object({ id: z.string() })

export async function report(body: unknown, signal: AbortSignal) {
  const response = await fetch(\`\${env.REPORTS_URL}/${name}\`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),${isFlawed ? '' : '\n    signal: AbortSignal.any([signal, AbortSignal.timeout(5_000)]),'}
  })
  if (!response.ok) throw new Error(\`reports answered \${response.status}\`)
  return answer.parse(await response.json())
}
`,
  }
}

/** Write a backend of about `files` source files below `folder`; returns how many there are and their bytes. */
export function writeBackend(folder: string, files: number): { files: number; bytes: number } {
  const shared: Record<string, string> = {
    'package.json': JSON.stringify({ name: 'generated', type: 'module', dependencies: { hono: '4.13.19', '@trpc/server': '11.25.2', 'drizzle-orm': '0.45.4', zod: '4.6.7' } }),
    'server/owners.ts': "import { bigint, pgTable } from 'drizzle-orm/pg-core'\n\nexport const owners = pgTable('owners', { id: bigint({ mode: 'number' }).primaryKey() })\n",
  }
  const count = { files: 0, bytes: 0 }
  const write = (all: Record<string, string>) => {
    for (const [path, text] of Object.entries(all)) {
      mkdirSync(dirname(join(folder, path)), { recursive: true })
      writeFileSync(join(folder, path), text)
      if (path.endsWith('.ts')) count.files++
      count.bytes += text.length
    }
  }
  write(shared)
  for (let index = 0; count.files < files; index++) write(moduleAt(index))
  return count
}
