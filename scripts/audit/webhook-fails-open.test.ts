import { rule } from './webhook-fails-open.ts'
import { testRule } from './testing.ts'

const hono = "import { Hono } from 'hono'\nconst app = new Hono()\n"
const message = (name: string) => `without ${name} this accepts every delivery; refuse when it is missing, then verify`

testRule(rule, [
  ['the check is skipped without a secret', `${hono}app.post('/webhooks/a', async (c) => {
  const expectedToken = process.env.ASAAS_TOKEN
  if (expectedToken && c.req.header('t') !== expectedToken) return c.body(null, 401)
  if (env.WEBHOOK_SECRET && !verifySignature(raw)) return c.body(null, 401)
  if (secret) {\n    new Webhook(secret).verify(raw)\n  }\n  return c.json(await apply(await c.req.json()))\n})`, [
    `server/api.ts:5:7 error ${message('expectedToken')}`, `server/api.ts:6:7 error ${message('env.WEBHOOK_SECRET')}`, `server/api.ts:7:7 error ${message('secret')}`,
  ]],
  ['a choice between verifying and parsing', `${hono}app.post('/webhooks/a', async (c) => {\n  const event = env.SECRET ? stripe.webhooks.constructEvent(raw, s, env.SECRET) : JSON.parse(raw)\n})`, [`server/api.ts:4:17 error ${message('env.SECRET')}`]],
  ['middleware in a file of webhooks', { 'server/webhooks/auth.ts': "export const guard = async (c, next) => {\n  const token = env.TOKEN\n  if (token && c.req.header('a') !== token) throw new Error('no')\n  await next()\n}" }, [`server/webhooks/auth.ts:3:7 error ${message('token')}`]],
  ['refused without a secret; a value of the request; another function', `${hono}app.post('/webhooks/a', async (c) => {
  if (!secret || c.req.header('t') !== secret) return c.body(null, 401)
  const token = c.req.header('x-token')
  if (token && token !== secret) return c.body(null, 401)
  if (secret) { new Webhook(secret).verify(raw) } else { throw new Error('unset') }
})\nexport function other() { if (secret && a !== secret) return }`, []],
])
