import { rule } from './webhook-parsed-body.ts'
import { testRule } from './testing.ts'

const message = (how: string) => `the signature is verified over ${how}, not over the bytes that were signed; verify await c.req.text() and parse it afterwards`

testRule(rule, [
  ['serialised again', "const body = await c.req.json()\nnew Webhook(secret).verify(JSON.stringify(body), headers)\nconst raw = JSON.stringify(req.body)\nstripe.webhooks.constructEvent(raw, signature, secret)", [
    `server/api.ts:2:28 error ${message('a body that was serialised again')}`, `server/api.ts:4:32 error ${message('a body that was serialised again')}`,
  ]],
  ['parsed, a fallback, an HMAC', "// webhook\nconst body = await c.req.json()\nconst wh = new Webhook(secret)\nwh.verify(body, headers)\nwh.verify(req.rawBody ?? JSON.stringify(req.body), headers)\nconst sum = createHmac('sha256', key).update(JSON.stringify(body)).digest('hex')", [
    `server/api.ts:4:11 error ${message('a parsed body')}`, `server/api.ts:5:11 error ${message('a body that was serialised again')}`, `server/api.ts:6:46 error ${message('a body that was serialised again')}`,
  ]],
  ['signing what is sent', "// webhook\nconst body = JSON.stringify({ a: 1 })\nheaders.sig = createHmac('sha256', key).update(body).digest('hex')\nconst token = createHmac('sha256', key).update(JSON.stringify(payload)).digest()", []],
  ['the raw text, and other things called verify and update', "// webhook\nconst raw = await c.req.text()\nnew Webhook(secret).verify(raw, headers)\njwt.verify(JSON.stringify(a), key)\ncreateHash('sha256').update(JSON.stringify(a))\ndb.update(JSON.stringify(a))", []],
])
