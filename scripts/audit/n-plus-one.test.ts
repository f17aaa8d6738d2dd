import { rule } from './n-plus-one.ts'
import { testRule } from './testing.ts'

testRule(rule, [
  ['a loop, a map', "for (const lead of rows) {\n  lead.owner = await db.select().from(owners).where(eq(owners.id, lead.ownerId))\n}\nawait Promise.all(rows.map(async (row) => ({ ...row, n: await ctx.db.query.notes.findMany({ where: eq(notes.leadId, row.id) }) })))", [
    'server/api.ts:2:22 warning this query runs once per item of the loop; load "owners" for all of them with inArray() or a join',
    'server/api.ts:4:63 warning this query runs once per item of the loop; load "notes" for all of them with inArray() or a join',
  ]],
  ['chunks, one query for all, a search that stops, a list of two', "for (const ids of chunk(all, 500)) await db.select().from(a).where(inArray(a.id, ids))\nconst ids = rows.map((row) => row.id)\nawait db.select().from(a).where(inArray(a.id, ids))\nfor (const id of candidates) { const [x] = await db.select().from(a).where(eq(a.id, id)); if (x) break }\nfor (const kind of ['x', 'y']) await db.select().from(a).where(eq(a.kind, kind))\nfor (const row of rows) await db.select().from(a)", []],
  ['a condition per item is one statement', 'const conditions = filters.map((f) => exists(db.select().from(a).where(eq(a.id, f.id))))', []],
  ['a function that a loop calls is not seen; writes are no N+1', "for (const row of rows) await load(row)\nfor (const row of rows) await db.insert(a).values(row)", []],
])
