import { rule } from './update-without-where.ts'
import { testRule } from './testing.ts'

testRule(rule, [
  ['no condition, a condition that may be missing', 'await db.delete(leads)\nawait db.update(leads).set({ a: 1 }).where(id ? eq(leads.id, id) : undefined)\nawait ctx.db.delete(leads).where(id && eq(leads.id, id)).returning()', [
    'server/api.ts:1:7 warning this deletes every row of "leads"; add where(), or say in a comment that it is meant',
    'server/api.ts:2:44 error where(undefined) is dropped, so this changes every row of "leads" when the condition is missing; refuse first',
    'server/api.ts:3:34 error where(undefined) is dropped, so this deletes every row of "leads" when the condition is missing; refuse first',
  ]],
  ['a condition, maps and caches, seeds', { 'server/api.ts': 'await db.delete(leads).where(eq(leads.id, id))\ncache.delete(key)\ncookies.delete(name)\nasync function deleteAllLeads() { await db.delete(leads) }\nconst r = router({ clear: procedure.mutation(() => db.delete(history)) })', 'scripts/seed.ts': 'await db.delete(leads)' }, []],
])
