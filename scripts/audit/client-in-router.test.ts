import { rule } from './client-in-router.ts'
import { testRule } from './testing.ts'

const end = 'move the call into an adapter with a deadline and a parsed answer'

testRule(rule, [
  ['fetch in a procedure', "import { publicProcedure } from './trpc'\nexport const r = publicProcedure.query(async () => {\n  return (await fetch('https://api.example.com')).json()\n})",
    [`server/api.ts:3:17 warning fetch() in a handler; ${end}`]],
  ['an SDK made elsewhere, here, and axios', {
    'server/stripe.ts': "import Stripe from 'stripe'\nexport const stripe = new Stripe(env.KEY)",
    'server/api.ts': "import { Hono } from 'hono'\nimport axios from 'axios'\nimport OpenAI from 'openai'\nimport { stripe } from './stripe'\nconst app = new Hono()\nconst ai = new OpenAI()\napp.post('/pay', async (c) => {\n  await stripe.charges.create({})\n  await ai.responses.create({})\n  await axios.get('https://x.example')\n  return c.json({})\n})",
  }, [
    `server/api.ts:8:9 warning stripe.charges.create() calls stripe in a handler; ${end}`,
    `server/api.ts:9:9 warning ai.responses.create() calls openai in a handler; ${end}`,
    `server/api.ts:10:9 warning axios.get() calls axios in a handler; ${end}`,
  ]],
  ['an adapter, a proxy, a verification, a database', {
    'server/adapter.ts': "export const payments = { charge: () => fetch('https://x.example') }",
    'server/api.ts': "import { Hono } from 'hono'\nimport Stripe from 'stripe'\nimport { payments } from './adapter'\nconst app = new Hono()\nconst stripe = new Stripe('')\napp.post('/pay', async (c) => {\n  stripe.webhooks.constructEvent('', '', '')\n  await payments.charge()\n  await db.select().from(x)\n  return c.json({})\n})\napp.all('/proxy', (c) => fetch(c.req.raw))",
  }, []],
])
