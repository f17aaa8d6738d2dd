import { rule } from './middleware-after-routes.ts'
import { testRule } from './testing.ts'

const hono = "import { Hono } from 'hono'\nconst app = new Hono()\n"

testRule(rule, [
  ['authentication after a route', `${hono}app.get('/leads', list)\napp.use('*', clerkMiddleware())`, ['server/api.ts:4:1 error clerkMiddleware is registered after GET /leads, which it therefore never sees; move it in front']],
  ['in a chain, and a guard in a function', "import { Hono } from 'hono'\nexport const app = new Hono().get('/api/leads', list).use('/api/*', requireAuth)\nconst b = new Hono()\nb.post('/x/y', add)\nb.use('/x/*', async (c, next) => { await verifySession(c); await next() })", [
    'server/api.ts:2:20 error requireAuth is registered after GET /api/leads, which it therefore never sees; move it in front',
    'server/api.ts:5:1 error verifySession is registered after POST /x/y, which it therefore never sees; move it in front',
  ]],
  ['public routes first, then the guard, then what it guards', `${hono}app.get('/instance', info)\napp.use('*', requireAuth)\napp.get('/leads', list)`, []],
  ['before, for other paths, after public routes, another app', `${hono}app.use(cors())\napp.get('/health', ok)\napp.post('/webhooks/clerk', hook)\napp.use('/admin/*', requireAdmin)\napp.get('/admin/x', x)\nconst other = new Hono()\nother.use(auth)\napp.use(logger())`, []],
])
