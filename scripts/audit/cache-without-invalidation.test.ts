import { rule } from './cache-without-invalidation.ts'
import { testRule } from './testing.ts'

testRule(rule, [
  ['a write without expiry', "import { redis } from './redis'\nexport const save = (id: string, s: unknown) =>\n  redis.set(`session:${id}`, JSON.stringify(s))",
    ['server/api.ts:3:3 warning redis keeps "session…" and nothing in the project deletes such keys; invalidate them after commit, and set a time to live']],
  ['with expiry it is a hint, once per kind of key', "const key = (id: string) => `session:${id}`\nexport async function save(id: string) {\n  await redis.setex(key(id), 60, 'x')\n  await redis.set(key(id), 'y', 'EX', 60)\n}",
    ['server/api.ts:3:9 info redis keeps "session…" and nothing in the project deletes such keys; invalidate them after commit, or say that stale values until they expire are fine']],
  ['deleted in another file', {
    'server/a.ts': "await redis.set(`session:${id}`, 'x')",
    'server/b.ts': "export const drop = (id: string) => redis.del(`session:${id}`)",
  }, []],
  ['locks, maps of one call, unknown keys', "await redis.set('lock:digest', token, 'NX', 'PX', 1000)\nfunction f() { const cache = new Map(); cache.set('a', 1) }\nawait redis.set(anyKey, 'x')", []],
])
