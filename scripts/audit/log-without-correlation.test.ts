import { rule } from './log-without-correlation.ts'
import { testRule } from './testing.ts'

const hono = "import { Hono } from 'hono'\nconst app = new Hono()\n"
const message = (name: string) => `console.${name}() carries no request id; use the logger of the request's context`

testRule(rule, [
  ['in a route, a middleware and a procedure', `${hono}app.get('/a', (c) => {\n  console.log('hit')\n  return c.json({})\n})\napp.use(async (c, next) => { console.error('x'); await next() })\nexport const p = publicProcedure.query(() => console.warn('y'))`, [
    `server/api.ts:4:3 warning ${message('log')}`,
    `server/api.ts:7:30 warning ${message('error')}`,
    `server/api.ts:8:46 warning ${message('warn')}`,
  ]],
  ['in a service: one hint', { 'server/services/a.ts': "export async function work() {\n  console.log('a')\n  console.log('b')\n}" },
    ['server/services/a.ts:2:3 info 2 calls of console in a file of services; pass in the logger of the request']],
  ['a program on the machine of a user', { 'package.json': JSON.stringify({ dependencies: { electron: '40', hono: '4' } }), 'server/api.ts': `${hono}app.get('/a', (c) => { console.log('x'); return c.json({}) })` }, []],
  ['with the id, at start-up, in a script, in the browser', {
    'server/api.ts': `${hono}console.log('listening')\napp.get('/a', (c) => {\n  console.log({ requestId: c.get('requestId') })\n  return c.json({})\n})`,
    'scripts/seed.ts': "console.log('seeded')",
    'web/page.tsx': "'use client'\nconsole.log('x')",
  }, []],
])
