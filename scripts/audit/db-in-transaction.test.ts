import { rule } from './db-in-transaction.ts'
import { testRule } from './testing.ts'

testRule(rule, [
  ['db inside', "await ctx.db.transaction(async (tx) => {\n  await tx.insert(a).values(x)\n  await ctx.db.update(b).set({ n: 1 }).where(eq(b.id, 1))\n  await ctx.db.query.users.findFirst()\n})", [
    'server/api.ts:3:9 error this runs on "ctx.db", outside of the transaction around it; use "tx"', 'server/api.ts:4:9 error this runs on "ctx.db", outside of the transaction around it; use "tx"',
  ]],
  ['tx inside, db outside, the same name', "await db.transaction(async (tx) => {\n  await tx.insert(a).values(x)\n})\nawait db.insert(a).values(x)\nawait db.transaction(async (db) => { await db.insert(a).values(x) })", []],
])
