import { rule } from './role-from-claims.ts'
import { testRule } from './testing.ts'

const message = (path: string) => `${path} decides here and may be out of date; read the role from the database`

testRule(rule, [
  ['compared, kept, in a context', "if (auth.sessionClaims?.metadata?.role !== 'admin') throw forbidden()\nconst role = user.publicMetadata.role as string\nif (role === 'admin') ok()\nexport const ctx = { role: claims.role ?? 'pending' }", [
    `server/api.ts:1:5 warning ${message('auth.sessionClaims.metadata.role')}`, `server/api.ts:2:14 warning ${message('user.publicMetadata.role')}`, `server/api.ts:4:28 warning ${message('claims.role')}`,
  ]],
  ['from the database, logged only, in the browser', { 'server/api.ts': "if (session.user.role !== 'admin') throw forbidden()\nlog.debug(claims.role)", 'web/a.tsx': "'use client'\nif (user.publicMetadata.role === 'admin') show()" }, []],
])
