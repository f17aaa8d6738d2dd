import { rule } from './in-memory-queue.ts'
import { testRule } from './testing.ts'

const hono = "import { Hono } from 'hono'\nconst app = new Hono()\n"

testRule(rule, [
  ['p-queue of another file in a webhook', {
    'server/queue.ts': "import PQueue from 'p-queue'\nexport const webhookQueue = new PQueue({ concurrency: 5 })",
    'server/webhooks/clerk.ts': `${hono}import { webhookQueue } from '../queue'\napp.post('/webhooks/clerk', async (c) => {\n  await webhookQueue.add(() => handle(c))\n  return c.body(null, 202)\n})`,
  }, ['server/webhooks/clerk.ts:5:9 error "webhookQueue" (p-queue) keeps its work in memory; store the event in a table before the answer']],
  ['p-queue in a route', {
    'server/mail.ts': `${hono}import PQueue from 'p-queue'\nconst queue = new PQueue()\napp.post('/mail', (c) => {\n  queue.add(send)\n  return c.body(null)\n})`,
  }, ['server/mail.ts:6:3 warning "queue" (p-queue) keeps its work in memory; store the job in a table before the answer']],
  ['an array as queue', `${hono}const pendingJobs: Job[] = []\napp.post('/jobs', (c) => {\n  pendingJobs.push(c)\n  return c.body(null)\n})`,
    ['server/api.ts:5:3 warning "pendingJobs" is an array in memory that a request fills; store the work in a table and claim it from there']],
  ['an array as queue of a webhook', `${hono}const queue: Event[] = []\napp.post('/webhooks/stripe', async (c) => {\n  queue.push(await c.req.json())\n  return c.body(null)\n})`,
    ['server/api.ts:5:3 error "queue" is an array in memory that a request fills; store the work in a table and claim it from there']],
  ['work after the answer of a webhook', `${hono}app.post('/webhooks/stripe', async (c) => {\n  const event = await verify(c)\n  void processEvent(event)\n  setImmediate(() => processEvent(event))\n  processEvent(event).catch(console.error)\n  return c.body(null, 200)\n})`, [
    'server/api.ts:5:8 error the webhook /webhooks/stripe goes on after its answer without having stored the event; insert it first, then answer',
    'server/api.ts:6:3 error the webhook /webhooks/stripe goes on after its answer without having stored the event; insert it first, then answer',
    'server/api.ts:7:3 error the webhook /webhooks/stripe goes on after its answer without having stored the event; insert it first, then answer',
  ]],
  ['stored first', `${hono}app.post('/webhooks/stripe', async (c) => {\n  await db.insert(events).values(event)\n  void processEvent(event)\n  return c.body(null, 200)\n})`, []],
  ['a durable queue, a local list, a limit outside of requests', `${hono}import { Queue } from 'bullmq'\nimport PQueue from 'p-queue'\nconst queue = new Queue('mail')\nconst limit = new PQueue()\nlimit.add(start)\napp.post('/mail', async (c) => {\n  const jobs = []\n  jobs.push(1)\n  await queue.add('mail', {})\n  return c.body(null)\n})`, []],
])
