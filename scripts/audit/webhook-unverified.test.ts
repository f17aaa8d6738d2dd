import { rule } from './webhook-unverified.ts'
import { testRule } from './testing.ts'

const hono = "import { Hono } from 'hono'\nconst app = new Hono()\n"
const message = (path: string) => `the webhook ${path} believes its body without verifying it; verify the signature over the raw bytes first`

testRule(rule, [
  ['a body that is believed', `${hono}app.post('/webhooks/asaas', async (c) => {\n  const body = await c.req.json()\n  await apply(body)\n  return c.body(null)\n})`, [`server/api.ts:3:1 error ${message('/webhooks/asaas')}`]],
  ['a header that only has to be there', `${hono}app.post('/webhooks/clerk', async (c) => {\n  if (!c.req.header('svix-id')) return c.body(null, 400)\n  const body = await c.req.json()\n  return c.json(await apply(body))\n})`, [`server/api.ts:3:1 error ${message('/webhooks/clerk')}`]],
  ['a file of webhooks, middleware that does not verify', { 'server/webhooks/clerk.ts': `${hono}app.use(logger())\napp.post('/', cors(), async (c) => c.json(await apply(await c.req.json())))` }, [`server/webhooks/clerk.ts:4:1 error ${message('/')}`]],
  ['a route of Next', { 'app/api/webhooks/stripe/route.ts': "import { db } from 'drizzle-orm'\nexport async function POST(request: Request) {\n  const body = await request.json()\n  await apply(body)\n}" }, [`app/api/webhooks/stripe/route.ts:2:8 error ${message('app/api/webhooks/stripe/route.ts')}`]],
  ['verified: by a library, a function of the file, a comparison, middleware', `${hono}
app.post('/webhooks/a', async (c) => { const e = stripe.webhooks.constructEvent(await c.req.text(), s, k) })
app.post('/webhooks/b', async (c) => { const e = check(await c.req.text()) })
function check(raw) { return new Webhook(secret).verify(raw) }
app.post('/webhooks/c', async (c) => { if (c.req.header('x-token') !== env.WEBHOOK_TOKEN) return c.body(null, 401); apply(await c.req.json()) })
app.post('/webhooks/d', onlyFromGateway, async (c) => apply(await c.req.json()))
app.post('/webhooks/e', async (c) => { const signature = c.req.header('s'); await caller.handle({ body: await c.req.text(), signature }) })
app.use('/hooked/*', signed)\napp.post('/hooked/webhook', async (c) => apply(await c.req.json()))`, []],
  ['the endpoint that manages webhooks, and one that hands the request on', `${hono}app.post('/webhooks', async (c) => create(await c.req.json()))\napp.post('/webhooks/x', (c) => handle(c))`, []],
])
