import { fetchRequestHandler } from '@trpc/server/adapters/fetch'
import { Hono } from 'hono'
import { cors } from 'hono/cors'
import { createContext } from './context.ts'
import { env } from './env.ts'
import { appRouter } from './routers/index.ts'
import { webhooks } from './webhooks.ts'

export const app = new Hono()

app.use(
  cors({
    origin: env.APP_ORIGIN,
    credentials: true,
    allowMethods: ['GET', 'POST'],
    allowHeaders: ['authorization', 'content-type'],
  }),
)
app.get('/healthz', (c) => c.json({ ok: true }))
app.route('/webhooks', webhooks)
app.all('/trpc/*', (c) =>
  fetchRequestHandler({
    endpoint: '/trpc',
    req: c.req.raw,
    router: appRouter,
    createContext: ({ req }) => createContext(req),
  }),
)
